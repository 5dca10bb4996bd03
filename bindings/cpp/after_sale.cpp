// After the sale: goods go out, come back, are not wanted any more. seQura is always told the complete
// present state of the order; the library computes it from its journal.
//
//     book: changing ---> the call ---> what does the library's journal say? ---> book
//
// The book is written before the change is asked for and after it, as the library does it in its journal.
// A till that dies in between finds "changing" in its book when it is started again, and does the last
// two steps: it needs not know how far it had come.
#include "screen.hpp"
#include "till.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

using sequra::Client;
using sequra::OrderBuilder;
using sequra::Result;
using sequra::State;
using sequra::Status;
using sequra::Text;

namespace {

// What the sale has come to, in the words of the book.
std::string state_of(const Result &info)
{
    const std::string delivery = info.value_or("/data/amounts/delivery");
    if (info.order().state == State::cancelled)
        return "cancelled";
    if (delivery == "unshipped")
        return "registered";
    if (delivery == "partly_shipped" || delivery == "refunded")
        return delivery;
    return info.int_or("/data/amounts/refunded", 0) == 0 ? "shipped" : "partly_refunded";
}

// One of the amounts; empty where there is none.
std::string amount_of(const Result &info, const std::string &name)
{
    return money(info.value_or("/data/amounts/" + name));
}

// The totals of both carts, and what the shopper owes of what was sold.
void show_totals(const Result &info)
{
    std::string line = with("", "unshipped ", amount_of(info, "unshipped"));
    line = with(line, ", shipped ", amount_of(info, "shipped"));
    line = with(line, "; owed ", amount_of(info, "owed"));
    line = with(line, " of ", amount_of(info, "approved"));
    say("carts", with(line, " ", info.order().currency));
}

// What is in a cart: "1 BIC-20 349,00; ENV-01 12,90".
void show_cart(const Result &info, const std::string &label, const std::string &list)
{
    std::string line;
    for (std::size_t i = 0; i < info.count(list); ++i) {
        const std::string quantity = info.value_or(sequra::at(list, i, "/quantity"));
        const std::string type = info.value_or(sequra::at(list, i, "/type")); // fees may have no reference
        const std::string item = info.value_or(sequra::at(list, i, "/reference"), type);
        line += (line.empty() ? "" : "; ") + (quantity.empty() ? item : quantity + " " + item) + " "
                + money(info.value_or(sequra::at(list, i, "/total_with_tax")));
    }
    say(label, line.empty() ? "nothing" : line);
}

// What was attempted with it, oldest first: the entries of the transaction log.
void show_history(const Result &info)
{
    const std::string history = "/data/history";
    for (std::size_t i = 0; i < info.count(history); ++i) {
        std::string line = info.value_or(sequra::at(history, i, "/at"));
        line = with(line, " ", info.value_or(sequra::at(history, i, "/operation")));
        line = with(line, " ", info.value_or(sequra::at(history, i, "/status")));
        say(i == 0 ? "history" : "", with(line, ", HTTP ", info.value_or(sequra::at(history, i, "/http/status"))));
    }
}

// {"items":[{"reference":...,"quantity":...}, ...]}: the builder of orders writes any JSON.
void add_items(OrderBuilder &builder, const Till::Items &items)
{
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string::size_type equals = items[i].rfind('=');
        builder.set_text(sequra::at("/items", i, "/reference"), items[i].substr(0, equals));
        if (equals != std::string::npos)
            builder.set_int(sequra::at("/items", i, "/quantity"), std::atol(items[i].c_str() + equals + 1));
    }
}

}

bool is_number(const std::string &text)
{
    return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_item(const std::string &word)
{
    const std::string::size_type equals = word.rfind('=');
    return equals == std::string::npos ? !word.empty() : equals > 0 && is_number(word.substr(equals + 1));
}

// ---- changing it -----------------------------------------------------------------------------------

// The sale as it is called at seQura and in the book.
void Till::take(const Result &answer)
{
    at_.url = answer.order().url;
    at_.ticket = answer.order().order_ref_1;
}

Exit Till::change(const std::string &label, Change call, const std::string &sale, Text asked)
{
    // Only a settled order can be changed. Of any other, the call itself says why not.
    const Result before = result_of(client_, &Client::order_info, sale);
    const bool settled = before.order().state == State::settled;
    if (settled) {
        take(before);
        record("changing", before);
    }
    const Result answer = result_of(client_, call, settled ? at_.url : sale, asked);
    show(label, answer);
    if (!settled && answer.status() == Status::ok)
        take(answer); // it was cancelled before, and may not be in the book yet
    const Exit became = settled || answer.status() == Status::ok ? record_change() : exit_done;
    return exit_status(answer) == exit_done ? became : exit_status(answer);
}

// What has become of the sale, from the library's journal. While a change of it has no answer, the book
// is left alone.
Exit Till::record_change()
{
    const Result info = result_of(client_, &Client::order_info, at_.url);
    if (info.status() != Status::ok) {
        show("info", info);
        return exit_status(info);
    }
    if (info.next() == sequra::Next::recover) {
        say("to go on", "till CONFIG --recover; or the same change again; or the next one, which takes it along");
        return exit_no_answer;
    }
    show_totals(info);
    record(state_of(info), info);
    return exit_done;
}

Exit Till::ship(const std::string &sale, const Items &items)
{
    if (items.empty())
        return change("ship", &Client::ship, sale, Text());
    OrderBuilder builder(client_);
    add_items(builder, items);
    return change("ship", &Client::ship, sale, builder.value("/items"));
}

Exit Till::refund(const std::string &sale, const Items &items)
{
    if (items.empty())
        return change("refund", &Client::refund, sale, Text());
    OrderBuilder builder(client_);
    add_items(builder, items);
    return change("refund", &Client::refund, sale, builder.json());
}

Exit Till::refund_amount(const std::string &sale, const std::string &cents, const std::string &reason)
{
    OrderBuilder builder(client_);
    builder.set_int("/amount", std::atol(cents.c_str()));
    if (!reason.empty())
        builder.set_text("/reason", reason);
    return change("refund", &Client::refund, sale, builder.json());
}

Exit Till::cancel(const std::string &sale, const std::string &reason)
{
    return change("cancel", &Client::cancel, sale, reason.empty() ? Text() : Text(reason));
}

Exit Till::update(const std::string &sale, const std::string &path)
{
    std::ifstream file(path.c_str(), std::ios::binary);
    const std::string update((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file)
        throw Stop("cannot read " + path);
    return change("update", &Client::update_order, sale, update);
}

// ---- where it stands -------------------------------------------------------------------------------

// With its carts and what happened to it. Nothing is sent for this.
Exit Till::show_info(const std::string &sale)
{
    const Result info = result_of(client_, &Client::order_info, sale);
    show("info", info);
    if (info.status() != Status::ok)
        return exit_status(info);
    const sequra::Order order = info.order();
    const std::string name = order.order_ref_1.empty() ? order.uuid : order.order_ref_1;
    say("sale", with(with(name, ", form ", info.value_or("/data/payment_method/product")), ", ", order.portal_url));
    const std::string paid = amount_of(info, "paid");
    if (!paid.empty()) { // once it is confirmed
        show_totals(info);
        show_cart(info, "unshipped", "/data/unshipped_cart/items");
        show_cart(info, "shipped", "/data/shipped_cart/items");
        say("paid out", with(paid, " ", order.currency));
    }
    show_history(info);
    return exit_done;
}
