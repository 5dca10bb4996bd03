// A sale paid with seQura; see till.hpp.
//
//     start ---> form ---> the operator: approved? ---> confirm ---> book ---> reference ---> receipt
//                                                          1           2           3
//
// 1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it: the sale is completed in the
// till's book only after the confirmation was done; the goods go only in State::settled, confirmed and
// its reference registered.
//
// Whatever happens in between, a power cut included, the order's URL is in the book and the order is in
// the library's journal. From these two the till goes on when it is started again, see recovery.cpp.
#include "screen.hpp"
#include "till.hpp"

#include <cctype>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>

using sequra::Client;
using sequra::Result;
using sequra::State;
using sequra::Status;
using sequra::Text;

namespace {

// A real till takes the next number of its counter.
std::string new_ticket()
{
    const std::time_t now = std::time(NULL);
    char number[40] = "T-1";
    std::strftime(number, sizeof number, "T-%Y%m%d-%H%M%S", std::localtime(&now));
    return number;
}

// Behind the brace that opens the order, "{" or "{ "order": {"; npos if there is none.
std::string::size_type inside_order(const std::string &json)
{
    const std::string space = " \t\r\n", mark = "\xEF\xBB\xBF", key = "\"order\"";
    std::string::size_type at = json.find_first_not_of(space, json.compare(0, 3, mark) == 0 ? 3 : 0);
    if (at == std::string::npos || json[at] != '{')
        return std::string::npos;
    const std::string::size_type first = ++at;
    at = json.find_first_not_of(space, at);
    if (at == std::string::npos || json.compare(at, key.size(), key) != 0)
        return first;
    at = json.find_first_not_of(space, at + key.size());
    if (at == std::string::npos || json[at] != ':')
        return std::string::npos;
    at = json.find_first_not_of(space, at + 1);
    return at != std::string::npos && json[at] == '{' ? at + 1 : std::string::npos;
}

void print_receipt(const std::string &ticket, const Result &answer)
{
    const std::string margin(14, ' '), rule(55, '-');
    const std::string sum = money(answer.value_or("/order/amount", "?")) + " " + answer.order().currency;
    std::cout << margin << rule << '\n'
              << margin << "Ticket " << std::left << std::setw(20) << ticket << ' ' << std::right << std::setw(27) << sum
              << '\n'
              << margin << "Pagado con seQura   " << std::setw(35) << answer.order().uuid << '\n'
              << margin << rule << '\n';
}

}

Exit exit_status(const Result &result)
{
    switch (sequra::status_class(result.status())) {
    case 0: return exit_done;
    case 1: return exit_not_sent;
    case 2: return exit_refused;
    case 3: return exit_no_answer;
    default: return exit_machine;
    }
}

Result result_of(Client &client, Result (Client::*call)())
try {
    return (client.*call)();
} catch (const sequra::Error &error) {
    return error.result();
}

Result result_of(Client &client, Result (Client::*call)(Text), Text a)
try {
    return (client.*call)(a);
} catch (const sequra::Error &error) {
    return error.result();
}

Result result_of(Client &client, Result (Client::*call)(Text, Text), Text a, Text b)
try {
    return (client.*call)(a, b);
} catch (const sequra::Error &error) {
    return error.result();
}

Result result_of(Client &client, Result (Client::*call)(Text, Text, Text), Text a, Text b, Text c)
try {
    return (client.*call)(a, b, c);
} catch (const sequra::Error &error) {
    return error.result();
}

bool is_ticket(const std::string &text)
{
    for (std::string::const_iterator at = text.begin(); at != text.end(); ++at)
        if (!std::isgraph(static_cast<unsigned char>(*at)) || *at == '"' || *at == '\\')
            return false;
    return !text.empty();
}

Till::Till(Client &client, const Settings &settings) : client_(client), book_(settings.book), at_(settings)
{
    if (at_.url.empty())
        return;
    const std::vector<Sale> sales = book_.sales();
    const Sale *const known = find(sales, at_.url);
    if (known) {
        at_.url = known->url;
        if (at_.ticket.empty())
            at_.ticket = known->ticket;
    }
}

// ---- the operator, the order, the book -------------------------------------------------------------

std::string Till::order() const
{
    if (at_.order_file.empty())
        return "";
    std::ifstream file(at_.order_file.c_str(), std::ios::binary);
    std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file)
        throw Stop("cannot read " + at_.order_file);
    if (!at_.ref_first)
        return json;

    // The one place where this till writes JSON itself; the ticket number has nothing to escape.
    const std::string::size_type inside = inside_order(json);
    if (inside == std::string::npos)
        throw Stop(at_.order_file + " does not begin like an order");
    return json.insert(inside, "\"merchant_reference\":{\"order_ref_1\":\"" + at_.ticket + "\"},");
}

bool Till::is_approved() const
{
    std::string answer;
    if (!at_.asks)
        return true; // --yes
    return ask("does the shopper's phone say approved? [Enter = yes, n = no]", answer)
           && answer.compare(0, 1, "n") != 0 && answer.compare(0, 1, "N") != 0;
}

bool Till::choose_another_ticket()
{
    std::string answer;
    while (at_.asks && ask("another ticket number for this sale:", answer))
        if (is_ticket(answer)) {
            at_.ticket = answer;
            return true;
        }
    return false;
}

// A settled order has the ticket number that seQura has: it may have been settled long ago.
void Till::adopt_ticket(const Result &answer)
{
    const sequra::Order order = answer.order();
    if (order.state == State::settled && !order.order_ref_1.empty())
        at_.ticket = order.order_ref_1;
}

void Till::record(const std::string &state, const Result &answer)
{
    Sale sale;
    sale.state = state;
    sale.ticket = at_.ticket;
    sale.amount = answer.value_or("/order/amount", "?");
    sale.currency = answer.value_or("/order/currency", "?");
    at_.url = sale.url = answer.value_or("/order/url", at_.url); // the operator may have given the bare uuid
    book_.add(sale);
    say("book", at_.ticket + " is now " + state);
}

void Till::say_another_number() const
{
    say_how_to_go_on(at_.url, "--confirm", "ORDER.json --ref-first --ref ANOTHER-NUMBER");
}

// ---- the steps -------------------------------------------------------------------------------------

Exit Till::start()
{
    if (at_.ticket.empty())
        at_.ticket = new_ticket();
    const Result started = result_of(client_, &Client::start_solicitation, order());
    show("start", started);
    if (started.status() != Status::ok)
        return exit_status(started);
    // Before anything reaches the shopper, the till knows where the order is.
    record("started", started);
    return send_form();
}

// The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the staff.
Exit Till::send_form()
{
    const Result sent = result_of(client_, &Client::send_form, at_.url, at_.product, Text());
    show("form", sent);
    if (exit_status(sent) == exit_no_answer || sent.status() == Status::rate_limited)
        say_how_to_go_on(at_.url, "--form");
    if (sent.status() != Status::ok)
        return exit_status(sent);
    if (is_approved())
        return confirm();
    say("", "The sale is left open; nothing is sold. When the shopper leaves: --abandon instead.");
    say_how_to_go_on(at_.url, "--confirm");
    return exit_waiting;
}

// Step 1: the whole order once more, as it is at this moment, for seQura to say whether it is still the
// one that was approved. Taken up by hand without an order file, it is what it was when last sent.
Exit Till::confirm()
{
    for (;;) {
        const std::string json = order();
        const Result answer = result_of(client_, &Client::confirm, at_.url, json.empty() ? Text() : Text(json));
        show("confirm", answer);
        if (answer.status() == Status::ok)
            return complete(answer);

        const bool early = sequra::ErrorCode(answer.value_or("/errors/0/code")) == sequra::ErrorCode::not_approved;
        const bool taken = answer.status() == Status::duplicate_order_ref;
        if ((early && at_.asks && is_approved()) || (taken && at_.ref_first && choose_another_ticket()))
            continue;

        if (early) {
            say_how_to_go_on(at_.url, "--confirm");
            return exit_waiting;
        }
        if (exit_status(answer) == exit_no_answer) {
            say("", "Nothing is completed and nothing is off: keep the goods, take no other payment.");
            say_recover();
        } else if (taken) {
            say_another_number();
        } else if (exit_status(answer) == exit_refused) {
            say("", "Nothing is completed and no ticket number is sent: this sale does not take place.");
            if (answer.order().state == State::conflicted && !at_.ticket.empty())
                record("refused", answer);
        }
        return exit_status(answer);
    }
}

// Step 2: only now is the sale completed in the till's book. If the book cannot be written, the order
// waits, confirmed, until it can be.
Exit Till::complete(const Result &answer)
{
    adopt_ticket(answer);
    if (at_.ticket.empty())
        at_.ticket = new_ticket();
    record("completed", answer);
    return register_ticket(answer);
}

Exit Till::register_ticket(const Result &answer)
{
    return answer.order().state == State::settled ? settled(answer) : set_reference();
}

// Step 3: seQura learns the ticket number. Without it, it never pays the shop.
Exit Till::set_reference()
{
    for (;;) {
        const Result answer = result_of(client_, &Client::set_order_ref, at_.url, at_.ticket, Text());
        show("reference", answer);
        if (answer.status() == Status::ok)
            return settled(answer);
        const bool taken = answer.status() == Status::duplicate_order_ref;
        if (taken && choose_another_ticket())
            continue;
        switch (answer.order().state) {
        case State::confirmed:
        case State::referencing:
        case State::ref_conflicted:
            break;
        default:
            return exit_status(answer);
        }
        say("", "The sale stands and seQura has no ticket number for it: keep the goods until it has.");
        if (taken)
            say_how_to_go_on(at_.url, "--set-ref", "ANOTHER-NUMBER");
        else
            say_recover();
        return exit_no_reference;
    }
}

// seQura has the ticket number: the end of the sale.
Exit Till::settled(const Result &answer)
{
    adopt_ticket(answer);
    record("registered", answer);
    print_receipt(at_.ticket, answer);
    return exit_done;
}
