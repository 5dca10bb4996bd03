import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.sequrapos.ConflictException;
import org.sequrapos.DuplicateOrderRefException;
import org.sequrapos.ErrorCode;
import org.sequrapos.InternalErrorException;
import org.sequrapos.InvalidCallException;
import org.sequrapos.InvalidOrderException;
import org.sequrapos.MachineException;
import org.sequrapos.Next;
import org.sequrapos.NoAnswerException;
import org.sequrapos.Operation;
import org.sequrapos.Order;
import org.sequrapos.OutcomeUnknownException;
import org.sequrapos.Problem;
import org.sequrapos.RefusedException;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;
import org.sequrapos.SequraPos;
import org.sequrapos.State;
import org.sequrapos.Status;

/** What comes of calls, done and not done. */
final class Errors extends Test {

    public void aSale() throws Exception {
        try (SequraClient till = SequraClient.open(config("\"language\": \"en\""))) {
            String order = order(till, null);
            Result started = till.startSolicitation(order);
            same(Status.OK, started.getStatus());
            same("SQ_OK", started.getStatusName());
            same(Operation.START_SOLICITATION, started.getOperation());
            same(Next.SEND_FORM, started.getNext());
            same(State.SOLICITED, started.getOrder().getState());
            same(6000L, started.getOrder().getAmount());
            same("EUR", started.getOrder().getCurrency());
            same("shop_es", started.getOrder().getMerchantId());
            same(null, started.getOrder().getOrderRef1());
            same(204L, started.getHttp().getStatus());
            same(1L, started.getHttp().getAttempts());
            same("start_solicitation: SQ_OK, next send_form", started.toString());
            String url = started.getOrder().getUrl();
            String uuid = started.getOrder().getUuid();
            claim(url.endsWith("/" + uuid), url);
            till.sendForm(url, "pp3");

            ConflictException early = thrown(ConflictException.class, () -> till.confirm(url, order));
            same(ErrorCode.NOT_APPROVED, early.getCode());
            approve(uuid);
            ConflictException changed = thrown(ConflictException.class,
                    () -> till.confirm(url, order.replace("6000", "6100").replace("3000", "3050")));
            same(2409, changed.getStatus());
            same("SQ_CONFLICT", changed.getStatusName());
            same(409L, changed.getResult().getHttp().getStatus());
            same(uuid, changed.getOrder().getUuid());
            claim(!changed.getOperatorMessage().isEmpty(), changed);
            claim(changed.getMessage().startsWith("SQ_CONFLICT: " + changed.getCode()), changed);

            Result confirmed = till.confirm(url, order);
            same(State.CONFIRMED, confirmed.getOrder().getState());
            same(Next.SET_ORDER_REF, confirmed.getNext());
            Result settled = till.setOrderRef(url, "J-1", "Caja 1-Ñ");
            same(State.SETTLED, settled.getOrder().getState());
            same("J-1", settled.getOrder().getOrderRef1());
            same("Caja 1-Ñ", settled.getOrder().getOrderRef2());
            same("settled", till.orderInfo("J-1").getOrder().getState());
            same("partly_shipped", till.ship("J-1", "[{\"reference\": \"CAM-01\", \"quantity\": 1}]")
                    .text("/data/amounts/delivery"));
            thrown(InvalidCallException.class, () -> till.cancel("J-1"));
            same(3000L, till.refund("J-1").number("/data/amounts/refunded"));
            same("{}", till.pending().value("/data/at_risk"));
            same(null, till.pending().getOrder());
            same(null, till.pending().getHttp());
        }
    }

    public void everyProblemOfAnOrderIsTyped() throws Exception {
        try (SequraClient till = SequraClient.open(config())) {
            String wrong = order(till, null).replace("\"order_total_with_tax\":6000", "\"order_total_with_tax\":6001")
                    .replace("\"EUR\"", "7");
            InvalidOrderException error = thrown(InvalidOrderException.class, () -> till.startSolicitation(wrong));
            same(Next.FIX_ORDER, error.getNext());
            claim(error.getErrors().size() > 1, error.getErrors());
            claim(error.getMessage().endsWith(" more)"), error.getMessage());
            Problem total = null;
            for (Problem problem : error.getErrors()) {
                total = problem.getCode().equals(ErrorCode.CART_TOTAL_MISMATCH) ? problem : total;
            }
            same("/cart/order_total_with_tax", total.getPointer());
            same("6000", total.getExpected());
            same("6001", total.getActual());
            claim(total.toString().startsWith("cart_total_mismatch at /cart/order_total_with_tax: "), total);
            thrown(UnsupportedOperationException.class, () -> error.getErrors().clear());
        }
    }

    public void aReferenceThatIsTaken() throws Exception {
        try (SequraClient till = SequraClient.open(config())) {
            sell(till, "J-2");
            Order order = till.startSolicitation(order(till, null)).getOrder();
            till.sendForm(order.getUrl(), "pp3");
            approve(order.getUuid());
            till.confirm(order.getUrl());
            DuplicateOrderRefException taken = thrown(DuplicateOrderRefException.class,
                    () -> till.setOrderRef(order.getUrl(), "J-2"));
            same(2001, taken.getStatus());
            same(Next.CHOOSE_ANOTHER_REF, taken.getNext());
            same(State.REF_CONFLICTED, taken.getOrder().getState());
            same(State.SETTLED, till.setOrderRef(order.getUrl(), "J-3").getOrder().getState());
        }
    }

    private static Order sell(SequraClient till, String ticket) throws SequraException {
        Order order = till.startSolicitation(order(till, ticket)).getOrder();
        till.sendForm(order.getUrl(), "pp3");
        approve(order.getUuid());
        return till.confirm(order.getUrl()).getOrder();
    }

    public void anAnswerThatIsLostAndFound() throws Exception {
        try (SequraClient till = SequraClient.open(config())) {
            Order order = till.startSolicitation(order(till, "J-4")).getOrder();
            till.sendForm(order.getUrl(), "pp3");
            approve(order.getUuid());
            simulator("POST", "faults", "{\"kind\": \"close_after\", \"method\": \"PUT\"}");
            OutcomeUnknownException lost = thrown(OutcomeUnknownException.class, () -> till.confirm(order.getUrl()));
            same(State.CONFIRMING, lost.getOrder().getState());
            same(6000L, till.pending().number("/data/at_risk/EUR/shop_es"));
            Result recovered = till.recover();
            same("confirming", recovered.text("/data/orders/0/was"));
            same("settled", recovered.text("/data/orders/0/now"));
            same(0L, recovered.number("/data/remaining"));
        }
    }

    public void seQuraThatIsNotThere() throws Exception {
        String config = config().replace(SIMULATOR, "http://127.0.0.1:1");
        try (SequraClient till = SequraClient.open(config)) {
            NoAnswerException error = thrown(NoAnswerException.class, () -> till.checkCredentials());
            same(Status.UNREACHABLE, error.getStatus());
            // The exception of a recovery that did not settle all has what it did settle.
            thrown(NoAnswerException.class, () -> till.startSolicitation(order(till, null)));
            NoAnswerException open = thrown(NoAnswerException.class, () -> till.recover());
            same(1, open.getResult().size("/data/orders"));
        }
    }

    public void theSubclassesAreTheThousands() throws Exception {
        Method of = SequraException.class.getDeclaredMethod("of", int.class, String.class);
        of.setAccessible(true);
        int statuses = 0;
        for (Field field : Status.class.getFields()) {
            int status = field.getInt(null);
            same("SQ_" + field.getName(), SequraPos.statusName(status));
            same(status / 1000, SequraPos.statusClass(status));
            if (status == Status.OK) {
                continue;
            }
            SequraException error = (SequraException) of.invoke(null, status, "x");
            Class<?> wanted = Arrays.<Class<?>>asList(null, InvalidCallException.class, RefusedException.class,
                    NoAnswerException.class, MachineException.class).get(status / 1000 % 9);
            wanted = status / 1000 == 9 ? InternalErrorException.class : wanted;
            claim(wanted.isInstance(error), field);
            same(status, error.getStatus());
            same("SQ_" + field.getName() + ": x", error.getMessage());
            same(null, error.getResult());
            same(Next.NONE, error.getNext());
            statuses++;
        }
        claim(statuses > 20, statuses);
        // One that a newer library has.
        SequraException unknown = (SequraException) of.invoke(null, 7777, "x");
        same(SequraException.class, unknown.getClass());
        same(7777, unknown.getStatus());
        same("SQ_UNKNOWN_STATUS", SequraPos.statusName(7777));
        same(-1, SequraPos.statusClass(7777));
    }

    public void anExceptionCanGoToAnotherProcess() throws Exception {
        SequraException error = thrown(SequraException.class, () -> SequraClient.open("{}"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        SequraException again;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            again = (SequraException) in.readObject();
        }
        same(error.getMessage(), again.getMessage());
        same(error.getOperatorMessage(), again.getOperatorMessage());
        same(error.getErrors().toString(), again.getErrors().toString());
        same(null, again.getResult());
    }
}
