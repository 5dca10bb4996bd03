import java.util.ArrayList;
import java.util.List;
import org.sequrapos.Result;

/** An order in a list of unfinished or recovered ones: /data/orders. What is not known is null. */
final class ListedOrder {
    final String uuid;
    final String url;
    final String state;
    final Long amount;
    final String currency;
    final String merchantId;
    final String next;
    /** Of unfinished ones. */
    final String missing;
    /** Of recovered ones. */
    final String was;
    final String now;
    final String status;

    private ListedOrder(Result result, String at) {
        uuid = result.text(at + "/uuid");
        url = result.text(at + "/url");
        state = result.text(at + "/state");
        amount = result.number(at + "/amount");
        currency = result.text(at + "/currency");
        merchantId = result.text(at + "/merchant_id");
        next = result.text(at + "/next");
        missing = result.text(at + "/missing");
        was = result.text(at + "/was");
        now = result.text(at + "/now");
        status = result.text(at + "/status");
    }

    static List<ListedOrder> of(Result result) {
        List<ListedOrder> orders = new ArrayList<>();
        for (int at = 0; at < result.size("/data/orders"); at++) {
            orders.add(new ListedOrder(result, "/data/orders/" + at));
        }
        return orders;
    }

    /** In one line: its uuid and its price. */
    String line() {
        String name = uuid == null ? "(its order URL has not come yet)" : uuid;
        return amount == null || currency == null ? name : name + " " + Screen.price(amount, currency);
    }
}
