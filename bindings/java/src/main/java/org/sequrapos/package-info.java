/**
 * Sell with seQura ("buy now, pay later") from a till that seQura cannot call back.
 *
 * <pre>
 * try (SequraClient till = SequraClient.openFile("till.json")) {
 *     String url = till.startSolicitation(order).getOrder().getUrl();
 *     ...
 * }
 * </pre>
 *
 * <p>Everything is done by the native library sequra_pos, which these classes call: {@link
 * org.sequrapos.SequraClient} (a till's connection to seQura and to its journal), {@link
 * org.sequrapos.OrderBuilder} (orders without JSON), {@link org.sequrapos.Result} (what came of a
 * call), and the exceptions, of which {@link org.sequrapos.SequraException} is the base. Any method
 * from any thread.
 */
package org.sequrapos;
