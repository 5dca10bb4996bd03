package org.sequrapos;

/**
 * HTTP 409: seQura refuses the order as it is now. Do not complete the sale. The code says what is
 * different: {@link ErrorCode#CART_CHANGED}, {@link ErrorCode#AMOUNT_ABOVE_APPROVED}, {@link
 * ErrorCode#NOT_APPROVED}, ...
 */
public class ConflictException extends RefusedException {

    private static final long serialVersionUID = 1L;

    ConflictException(int status, String message, Result result) {
        super(status, message, result);
    }
}
