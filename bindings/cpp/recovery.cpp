// What a till was killed in, or got no answer to, is finished; and what else is unfinished is shown.
//
// The library's journal knows what seQura was asked, and Client::recover asks again what has no answer.
// The book knows what the shop has sold, and under which ticket number. Here the book is brought to
// where the order is, with the same steps as in a sale that nothing went wrong in.
#include "screen.hpp"
#include "till.hpp"

#include <set>

using sequra::Client;
using sequra::Next;
using sequra::Result;
using sequra::State;
using sequra::Status;

namespace {

const char orders[] = "/data/orders";

// The order's place in the list of what was recovered; empty if it is not there.
std::string place_of(const Result &recovered, const std::string &url)
{
    for (std::size_t i = 0; i < recovered.count(orders); ++i)
        if (recovered.value_or(sequra::at(orders, i, "/url")) == url)
            return sequra::at(orders, i);
    return "";
}

// A sale of the book in one line: its ticket number, its price, and what is said of it.
void say_sale(const std::string &label, const Sale &sale, const std::string &words)
{
    say(label, sale.ticket + " " + money(sale.amount) + " " + sale.currency + " " + words);
}

// An order of a list in one line: its uuid and its price.
std::string order_line(const Result &answer, const std::string &place)
{
    const std::string uuid = answer.value_or(place + "/uuid", "(its order URL has not come yet)");
    const std::string currency = answer.value_or(place + "/currency");
    return with(uuid + " " + money(answer.value_or(place + "/amount")), " ", currency);
}

// What the operator has to do for the order.
void say_what_is_due(const std::string &url, const Next &next)
{
    switch (next) {
    case Next::send_form: return say_how_to_go_on(url, "--form");
    case Next::confirm:
    case Next::fix_order: return say_how_to_go_on(url, "--confirm");
    case Next::set_order_ref: return say_how_to_go_on(url, "--set-ref", "NUMBER");
    case Next::choose_another_ref: return say_how_to_go_on(url, "--set-ref", "ANOTHER-NUMBER");
    default: return;
    }
}

void say_to_operator(const Result &answer)
{
    if (!answer.operator_message().empty())
        say("operator >>", answer.operator_message());
}

}

// Asks the operator nothing; where the operator has to act, it says how. The order that the command line
// names is left to the entry that names it.
Exit Till::recover(bool pending)
{
    const Result recovered = pending ? result_of(client_, &Client::recover, sequra::Text()) : Result();
    Exit result = exit_status(recovered);
    if (recovered.status() != Status::ok)
        show("recover", recovered);
    const std::vector<Sale> sales = book_.sales();
    show_recovered(sales, recovered);
    // The book too: the till may have been killed when the journal was done and the book was not.
    for (std::vector<Sale>::const_iterator sale = sales.begin(); sale != sales.end(); ++sale)
        if (sale->is_open() && sale->url != at_.url) {
            const Exit finished = at_sale(*sale).bring_up_to_date(*sale, recovered);
            if (result == exit_done)
                result = finished;
        }
    return result;
}

// The till at another sale, alone: the operator has another shopper to serve.
Till Till::at_sale(const Sale &sale) const
{
    Till other(*this);
    other.at_.url = sale.url;
    other.at_.ticket = sale.ticket;
    other.at_.order_file.clear();
    other.at_.ref_first = other.at_.asks = false;
    return other;
}

// Says what each order was and is: of those that changed, or that somebody has to do something for.
void Till::show_recovered(const std::vector<Sale> &sales, const Result &recovered)
{
    for (std::size_t i = 0; i < recovered.count(orders); ++i) {
        const std::string place = sequra::at(orders, i);
        const std::string url = recovered.value_or(place + "/url");
        const std::string was = recovered.value_or(place + "/was"), now = recovered.value_or(place + "/now");
        const bool waits = recovered.value_or(place + "/next") != "none";
        const bool named = !at_.url.empty() && (at_.url == url || at_.url == recovered.value_or(place + "/uuid"));
        const Sale *const sale = url.empty() ? NULL : find(sales, url);
        const bool changing = sale && sale->state == "changing";

        // What came of a change is said when the book is brought up to date.
        if ((changing && !waits) || (was == now && (named || !waits)))
            continue;
        const std::string words = was != now ? was + ", now " + now : "still " + (changing ? sale->state : now);
        if (sale)
            say_sale("recover", *sale, words);
        else
            say("recover", order_line(recovered, place) + " " + words);
        if (!sale && !named && !url.empty())
            see_to_stranger(recovered, place);
    }
}

// An order that the book does not have. One whose start has just been answered is nobody's: its form was
// never sent, and its basket is sold as a new order. Any other is for the operator.
void Till::see_to_stranger(const Result &recovered, const std::string &place)
{
    const std::string url = recovered.value(place + "/url");
    if (recovered.value(place + "/was") == "soliciting" && recovered.value(place + "/status") == "SQ_OK"
        && result_of(client_, &Client::abandon, url).status() == Status::ok)
        say("", "Nobody has its form: it is given up, and the basket is sold as a new order.");
    else
        say_what_is_due(url, Next(recovered.value(place + "/next")));
}

// Writes into the book what has become of the sale, and finishes it where seQura has confirmed it.
Exit Till::bring_up_to_date(const Sale &sale, const Result &recovered)
{
    const std::string place = place_of(recovered, sale.url);
    const std::string listed = place.empty() ? "" : recovered.value_or(place + "/status", "nothing was sent");
    if (!place.empty() && recovered.value(place + "/next") == "recover")
        return exit_done; // still no answer: it has just been tried

    // By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent.
    const Result answer = result_of(client_, &Client::recover, at_.url);
    if (answer.status() == Status::unknown_order) {
        say_sale("recover", sale, "is not in this journal");
        return exit_done;
    }
    if (answer.status() != Status::ok) {
        show("recover", answer);
        return exit_status(answer);
    }
    const State state = answer.order().state;
    if (sale.state == "changing") {
        say_sale("recover", sale, "was being changed");
        if (!listed.empty() && listed != "SQ_OK")
            say_why(answer.order().uuid);
        return record_change();
    }
    switch (state) {
    case State::settled:
        say_to_operator(answer);
        /* fall through */
    case State::confirmed:
        return sale.state == "started" ? complete(answer) : register_ticket(answer);
    case State::ref_conflicted:
        say_to_operator(answer);
        if (sale.state == "started")
            record("completed", answer);
        say_what_is_due(at_.url, Next::choose_another_ref);
        return exit_no_reference;
    case State::abandoned:
    case State::cancelled:
        record(state.str(), answer);
        return exit_done;
    default:
        break;
    }
    if (listed == "SQ_DUPLICATE_ORDER_REF") {
        say_another_number();
    } else if (listed == "SQ_CONFLICT") { // seQura has said no to what the till had no answer to
        say_why(answer.order().uuid);
        say_to_operator(answer);
        record("refused", answer);
    } else {
        say_sale("waiting", sale, state.str());
        say_what_is_due(at_.url, answer.next());
    }
    return exit_done;
}

// seQura's own words on what it refused: the library's log has them.
void Till::say_why(const std::string &uuid)
{
    sequra::OrderBuilder query(client_); // any JSON, not only orders
    query.set_int("/limit", 1).set_text("/order", uuid);
    const Result log = result_of(client_, &Client::log, query.json());
    const std::string words = log.value_or("/data/entries/0/description");
    if (!words.empty())
        say("", words);
}

// ---- what is unfinished ----------------------------------------------------------------------------

Exit Till::abandon()
{
    const Result answer = result_of(client_, &Client::abandon, at_.url);
    show("abandon", answer);
    if (answer.status() == Status::ok && !at_.ticket.empty())
        record("abandoned", answer);
    return exit_status(answer);
}

Exit Till::resolve(const std::string &outcome, const std::string &reason)
{
    const Result answer = result_of(client_, &Client::resolve, at_.url, outcome, reason);
    show("resolve", answer);
    at_.url.clear();
    return answer.status() == Status::ok ? recover(true) : exit_status(answer);
}

// What the library's journal holds that is not finished. Nothing is sent for this.
Exit Till::show_pending()
{
    const Result answer = result_of(client_, &Client::pending);
    if (answer.status() != Status::ok) {
        show("pending", answer);
        return exit_status(answer);
    }
    std::set<std::string> said; // the money at risk once for each currency and merchant
    for (std::size_t i = 0; i < answer.count(orders); ++i) {
        const std::string place = sequra::at(orders, i);
        say("pending", order_line(answer, place) + " " + answer.value(place + "/state") + ": needs "
                           + answer.value(place + "/missing"));
    }
    for (std::size_t i = 0; i < answer.count(orders); ++i) {
        const std::string currency = answer.value_or(sequra::at(orders, i, "/currency"));
        const std::string owner = currency + "/" + answer.value_or(sequra::at(orders, i, "/merchant_id"));
        const std::string cents = answer.value_or("/data/at_risk/" + owner);
        if (!cents.empty() && said.insert(owner).second)
            say("at risk", money(cents) + " " + currency);
    }
    if (answer.count(orders) == 0)
        say("pending", "nothing: every sale with seQura is finished");
    return exit_done;
}

// The sales of the book that something is due for.
Exit Till::show_book()
{
    const std::vector<Sale> sales = book_.sales();
    for (std::vector<Sale>::const_iterator sale = sales.begin(); sale != sales.end(); ++sale)
        if (sale->is_open())
            say_sale("book", *sale, sale->state);
    return exit_done;
}
