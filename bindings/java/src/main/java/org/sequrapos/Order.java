package org.sequrapos;

import java.io.Serializable;

/** The order that a result is about. What is not known, or not known yet, is null. */
public final class Order implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String url;
    private final String uuid;
    private final String state;
    private final String shopStatus;
    private final String orderRef1;
    private final String orderRef2;
    private final String cartRef;
    private final String merchantId;
    private final Long amount;
    private final String currency;
    private final String portalUrl;

    Order(Result result, String at) {
        url = result.text(at + "/url");
        uuid = result.text(at + "/uuid");
        state = result.text(at + "/state");
        shopStatus = result.text(at + "/shop_status");
        orderRef1 = result.text(at + "/order_ref_1");
        orderRef2 = result.text(at + "/order_ref_2");
        cartRef = result.text(at + "/cart_ref");
        merchantId = result.text(at + "/merchant_id");
        amount = result.number(at + "/amount");
        currency = result.text(at + "/currency");
        portalUrl = result.text(at + "/portal_url");
    }

    /** What the later calls take: keep it with the sale. */
    public String getUrl() {
        return url;
    }

    /** The end of the URL, which serves as well. */
    public String getUuid() {
        return uuid;
    }

    /** Where it is in its life: one of {@link State}. */
    public String getState() {
        return state;
    }

    /** The shop's own word for it, by the configuration's status_mapping. */
    public String getShopStatus() {
        return shopStatus;
    }

    /** The shop's reference: its number of the sale. */
    public String getOrderRef1() {
        return orderRef1;
    }

    /** The shop's second reference. */
    public String getOrderRef2() {
        return orderRef2;
    }

    /** The till's own key of it, cart.cart_ref. */
    public String getCartRef() {
        return cartRef;
    }

    /** Who sells. */
    public String getMerchantId() {
        return merchantId;
    }

    /** Cents. */
    public Long getAmount() {
        return amount;
    }

    /** Such as EUR. */
    public String getCurrency() {
        return currency;
    }

    /** Its page in seQura's portal. */
    public String getPortalUrl() {
        return portalUrl;
    }

    @Override
    public String toString() {
        return uuid + " " + state;
    }
}
