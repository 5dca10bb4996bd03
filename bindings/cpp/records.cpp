// What the shop's office and support look at and do: the account, the transaction log, the payouts, the
// delivery report, the self-test.
#include "screen.hpp"
#include "till.hpp"

#include <cstdlib>

using sequra::Client;
using sequra::Result;
using sequra::Status;
using sequra::at;

namespace {

// What can be done about an entry of the log: a word of /next, and to dismiss it.
void show_actions(const Result &log, const std::string &entry)
{
    std::string line;
    for (std::size_t i = 0; i < log.count(entry + "/actions"); ++i) {
        const std::string action = log.value(at(entry + "/actions", i));
        line += (line.empty() ? "to do: " : ", or ")
                + (action == "dismiss" ? "--dismiss " + log.value(entry + "/id") : action);
    }
    if (!line.empty())
        say("", line);
}

// The entries of one kind, in one line: each with what is owed and, where it says so, what was paid.
void show_kind(const Result &answer, const std::string &label, const std::string &list, bool owed, bool paid)
{
    std::string line;
    for (std::size_t i = 0; i < answer.count(list); ++i) {
        const std::string currency = " " + answer.value_or(at(list, i, "/currency"));
        line += (line.empty() ? "" : "; ") + answer.value_or(at(list, i, "/order_ref_1"));
        if (owed)
            line += " " + money(answer.value_or(at(list, i, "/amount"))) + currency;
        if (paid)
            line += (owed ? ", but paid " : " ") + money(answer.value_or(at(list, i, "/paid"))) + currency;
    }
    if (!line.empty())
        say(label, line);
}

}

// Not needed for each sale (--quick leaves it out): does seQura know this shop, and what may its shoppers
// choose from?
Exit Till::check_account()
{
    const Result account = result_of(client_, &Client::check_credentials);
    show("credentials", account);
    if (account.status() != Status::ok)
        return exit_status(account);
    std::string line;
    for (std::size_t i = 0; i < account.count("/data/merchants"); ++i)
        line += (i == 0 ? "" : ", ") + account.value_or(at("/data/merchants", i, "/id")) + " in "
                + account.value_or(at("/data/merchants", i, "/country"));
    if (!line.empty())
        say("merchants", line);

    const Result methods = result_of(client_, &Client::payment_methods, sequra::Text());
    if (methods.status() != Status::ok)
        show("methods", methods);
    line.clear();
    for (std::size_t i = 0; i < methods.count("/data/methods"); ++i) {
        std::string method = methods.value_or(at("/data/methods", i, "/product"));
        method = with(method, " ", methods.value_or(at("/data/methods", i, "/title")));
        method = with(method, ", from ", money(methods.value_or(at("/data/methods", i, "/min_amount"))));
        method = with(method, ", up to ", money(methods.value_or(at("/data/methods", i, "/max_amount"))));
        line += (i == 0 ? "" : "; ") + method;
    }
    if (!line.empty())
        say("methods", line);
    return exit_status(methods);
}

// What was asked of seQura and what it said: what needs attention first, with seQura's words and what can
// be done, then the newest, 20 entries in all. Nothing is sent for this.
Exit Till::show_log(const std::string &sale)
{
    const std::string entries = "/data/entries";
    sequra::OrderBuilder query(client_); // a query is JSON too
    query.set_int("/limit", 20);
    if (!sale.empty())
        query.set_text("/order", sale);
    const Result log = result_of(client_, &Client::log, query.json());
    if (log.status() != Status::ok)
        show("log", log);
    for (std::size_t i = 0; i < log.count(entries); ++i) {
        const std::string entry = at(entries, i);
        const bool wanting = log.value(entry + "/needs_attention") == "true";
        // By its ticket number, or by its uuid while it has none. A delivery report is about no order.
        const std::string order = log.value_or(entry + "/order/order_ref_1", log.value_or(entry + "/order/uuid"));
        std::string line = with(log.value(entry + "/id"), " ", order);
        line = with(line, " ", log.value_or(entry + "/operation"));
        line = with(line, " ", log.value_or(entry + "/status"));
        say(wanting ? "attention" : "log", with(line, ", HTTP ", log.value_or(entry + "/http/status")));
        const std::string words = log.value_or(entry + "/description");
        if (!words.empty())
            say("", words);
        if (wanting)
            show_actions(log, entry);
    }
    if (log.status() == Status::ok && log.count(entries) == 0)
        say("log", "nothing");
    return exit_status(log);
}

// An entry of the log has been seen to: it needs no attention any more.
Exit Till::dismiss(const std::string &entry)
{
    Result answer;
    try {
        answer = client_.log_dismiss(std::atol(entry.c_str()));
    } catch (const sequra::Error &error) {
        answer = error.result();
    }
    show("dismiss", answer);
    return exit_status(answer);
}

// The settled sales, held against what seQura has paid out.
Exit Till::show_payouts()
{
    const Result answer = result_of(client_, &Client::reconcile);
    show("reconcile", answer);
    show_kind(answer, "paid", "/data/paid", true, false);
    show_kind(answer, "differing", "/data/differing", true, true);
    show_kind(answer, "not paid", "/data/not_yet_paid", true, false);
    show_kind(answer, "unknown", "/data/unknown_here", false, true); // paid, and sold by another till
    return exit_status(answer);
}

// What was shipped since the last time: once a day, even if it is nothing.
Exit Till::report()
{
    const std::string reports = "/data/reports";
    const Result answer = result_of(client_, &Client::send_delivery_report, sequra::Text());
    show("report", answer);
    for (std::size_t i = 0; i < answer.count(reports); ++i)
        say("told", answer.value(at(reports, i, "/merchant_id")) + ", orders shipped: "
                        + answer.value(at(reports, i, "/orders")) + ": " + answer.value(at(reports, i, "/status")));
    return exit_status(answer);
}

// Does everything that a sale needs work on this machine?
Exit Till::self_test()
{
    const std::string tests = "/data/tests";
    const Result answer = result_of(client_, &Client::self_test);
    show("self-test", answer); // why a row failed is among the errors, or the warnings
    for (std::size_t i = 0; i < answer.count(tests); ++i) {
        std::string row = answer.value(at(tests, i, "/name"));
        row = with(row, ", of ", answer.value_or(at(tests, i, "/detail/host")));
        row = with(row, ", seconds fast: ", answer.value_or(at(tests, i, "/detail/skew_s")));
        row = with(row, ", ms for a durable write: ", answer.value_or(at(tests, i, "/detail/durable_write_ms")));
        say(answer.value(at(tests, i, "/ok")) == "true" ? "well" : "NOT WELL", row);
    }
    return exit_status(answer);
}
