import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.sequrapos.ClosedException;
import org.sequrapos.InvalidCallException;
import org.sequrapos.Order;
import org.sequrapos.OrderBuilder;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraPos;
import org.sequrapos.State;
import org.sequrapos.Status;

/** The same objects in several threads at once. */
final class Threads extends Test {

    public void oneClientForMany() throws Exception {
        AtomicInteger sold = new AtomicInteger();
        try (SequraClient till = SequraClient.open(config())) {
            List<Action> tills = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                String ticket = "JT-" + number;
                tills.add(() -> {
                    Order order = till.startSolicitation(order(till, ticket)).getOrder();
                    till.sendForm(order.getUrl(), "pp3");
                    approve(order.getUuid());
                    same(State.SETTLED, till.confirm(order.getUrl()).getOrder().getState());
                    for (int times = 0; times < 20; times++) {
                        same(ticket, till.orderInfo(ticket).getOrder().getOrderRef1());
                    }
                    sold.incrementAndGet();
                });
            }
            together(tills);
        }
        same(8, sold.get());
    }

    public void closedWhileOthersCall() throws Exception {
        for (int round = 0; round < 20; round++) {
            SequraClient till = SequraClient.open(config());
            Action calls = () -> {
                while (true) {
                    try {
                        till.echo(INIGO);
                    } catch (ClosedException closed) {
                        return;
                    } catch (InvalidCallException closed) {
                        // Between the look and the call: the library says so.
                        same(Status.INVALID_HANDLE, closed.getStatus());
                    }
                }
            };
            together(Arrays.asList(calls, calls, calls, () -> {
                Thread.sleep(5);
                till.close();
            }));
        }
    }

    public void freedWhileOthersRead() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int times = 0; times < 2000; times++) {
            text.append(INIGO);
        }
        String wanted = text.toString();
        for (int round = 0; round < 100; round++) {
            Result result = SequraPos.echo(wanted);
            Action reads = () -> {
                while (true) {
                    try {
                        claim(result.getJson().contains(wanted), "it is another text");
                        claim(wanted.equals(result.text("/data/text")), "it is another text");
                    } catch (ClosedException freed) {
                        return;
                    }
                }
            };
            together(Arrays.asList(reads, reads, () -> {
                Thread.sleep(2);
                result.free();
            }));
        }
    }

    public void freedByManyAtOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            SequraClient till = SequraClient.open(config());
            OrderBuilder order = new OrderBuilder();
            Result result = SequraPos.echo("x");
            Action frees = () -> {
                till.close();
                order.close();
                result.free();
            };
            together(Collections.nCopies(3, frees));
            same(0L, SequraPos.liveHandles());
        }
    }

    public void anOrderBuiltByMany() throws Exception {
        try (OrderBuilder order = new OrderBuilder()) {
            Action adds = () -> {
                for (int times = 0; times < 50; times++) {
                    order.addItem(null, "R", "x", 1, 1, 1);
                }
            };
            together(Collections.nCopies(4, adds));
            same(200, order.toJson().split("\"total_with_tax\"").length - 1);
        }
    }
}
