import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.sequrapos.Result;
import org.sequrapos.SequraClient;
import org.sequrapos.SequraException;

/** FirstSale CONFIG ORDER.json TICKET: one sale, from the solicitation to the reference. */
final class FirstSale {
    public static void main(String[] args) throws Exception {
        String order = new String(Files.readAllBytes(Paths.get(args[1])), StandardCharsets.UTF_8);
        try (SequraClient till = SequraClient.openFile(args[0])) {
            String url = till.startSolicitation(order).getOrder().getUrl(); // keep it with the sale
            till.sendForm(url, "pp3");                                      // an SMS to the shopper
            System.out.println("Approved on the shopper's phone? Then press Enter.");
            System.in.read();
            till.confirm(url, order);
            System.out.println(args[2] + " is completed in the till's own books.");
            Result settled = till.setOrderRef(url, args[2]);
            System.out.println(settled.getOperatorMessage());               // now hand over the goods
        } catch (SequraException error) {
            System.out.println(error.getOperatorMessage());                 // not sold, or not yet: keep them
            throw error;
        }
    }
}
