package org.sequrapos;

/** The request of a call, and its answer. */
public final class Http {

    private final Long status;
    private final String requestId;
    private final Long attempts;
    private final Long elapsedMs;

    Http(Result result, String at) {
        status = result.number(at + "/status");
        requestId = result.text(at + "/request_id");
        attempts = result.number(at + "/attempts");
        elapsedMs = result.number(at + "/elapsed_ms");
    }

    /** HTTP's status; null where no answer came. */
    public Long getStatus() {
        return status;
    }

    /** What seQura calls the request, for its support; null where it did not say. */
    public String getRequestId() {
        return requestId;
    }

    /** How often it was sent; 0: the journal answered. */
    public Long getAttempts() {
        return attempts;
    }

    /** How long it took, in milliseconds. */
    public Long getElapsedMs() {
        return elapsedMs;
    }
}
