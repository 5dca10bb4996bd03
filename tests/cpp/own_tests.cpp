// What only C++ can show of its binding: lifetimes, threads, texts, types, errors. Compiled in each
// standard; see tests/bindings/README.md.
#include "simulator.hpp"

#include <sequra_pos.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <pthread.h>
#include <sstream>

#if __cplusplus >= 201103L
#include <type_traits>
#include <utility>
#endif

using sequra::Client;
using sequra::Config;
using sequra::OrderBuilder;
using sequra::Result;
using sequra::Status;

sequra::Result second_unit_echo(const std::string &text);
void second_unit_throws(sequra::Client &till);
const char *second_unit_word();

namespace {

struct Failed : std::runtime_error {
    explicit Failed(const std::string &what) : std::runtime_error(what) {}
};

template <class One, class Other> void expect_equal(const One &expected, const Other &actual, const char *what, int line)
{
    if (expected == actual)
        return;
    std::ostringstream said;
    said << "line " << line << ": " << what << " is " << actual << ", expected " << expected;
    throw Failed(said.str());
}

#define CHECK(holds) ((holds) ? (void)0 : throw Failed("not so: " #holds))
#define EQUAL(expected, actual) expect_equal(expected, actual, #actual, __LINE__)
// The call throws this type.
#define THROWS(type, call)                                                                                   \
    do {                                                                                                     \
        bool thrown = false;                                                                                 \
        try {                                                                                                \
            call;                                                                                            \
        } catch (const type &) {                                                                             \
            thrown = true;                                                                                   \
        }                                                                                                    \
        if (!thrown)                                                                                         \
            throw Failed(#call " does not throw " #type);                                                    \
    } while (false)

std::string config(const std::string &more = "")
{
    return "{\"base_url\":\"" + simulator() + "\",\"account_key\":\"sandbox_key\",\"account_secret\":\"sandbox_secret\","
           "\"merchant_id\":\"shop_es\",\"journal\":\":memory:\",\"proxy\":\"none\"" + more + "}";
}

const char address[] = "{\"given_names\":\"\\u00cd\\u00f1igo\",\"surnames\":\"G\\u00fcell\",\"company\":\"\","
                       "\"address_line_1\":\"C/ Mayor 1\",\"address_line_2\":\"\",\"postal_code\":\"28001\","
                       "\"city\":\"Madrid\",\"country_code\":\"ES\",\"mobile_phone\":\"+34 612 345 678\"}";

std::string basket(const std::string &order_ref_1, const std::string &total = "9000")
{
    return "{\"merchant_reference\":{\"order_ref_1\":\"" + order_ref_1 + "\"},"
           "\"cart\":{\"currency\":\"EUR\",\"gift\":false,\"order_total_with_tax\":" + total + ",\"items\":["
           "{\"type\":\"product\",\"reference\":\"CAM-01\",\"name\":\"Camisa\",\"quantity\":3,"
           "\"price_with_tax\":3000,\"total_with_tax\":9000,\"downloadable\":false}]},"
           "\"delivery_method\":{\"name\":\"Recogida\"},\"delivery_address\":" + address + ",\"invoice_address\":" + address
           + ",\"customer\":{\"given_names\":\"\\u00cd\\u00f1igo\",\"surnames\":\"G\\u00fcell\","
           "\"email\":\"inigo@example.es\",\"logged_in\":\"unknown\",\"language_code\":\"es-ES\","
           "\"ip_number\":\"127.0.0.1\",\"user_agent\":\"till\"},\"gui\":{\"layout\":\"desktop\"},"
           "\"platform\":{\"name\":\"own_tests\",\"version\":\"1\",\"uname\":\"till\",\"db_name\":\"none\",\"db_version\":\"1\"}}";
}

// Texts that are Windows-1252 here, as UTF-8; all of them are ISO-8859-1 too.
std::string utf8(const std::string &text)
{
    std::string out;
    for (std::string::const_iterator at = text.begin(); at != text.end(); ++at) {
        const unsigned char byte = static_cast<unsigned char>(*at);
        if (byte >= 0x80)
            out += static_cast<char>(0xC0 | byte >> 6);
        out += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
    }
    return out;
}

// Runs it in several threads at once; what it throws is thrown here.
typedef void (*Work)(void *shared, int number);

struct Run {
    Work work;
    void *shared;
    int number;
    std::string failed;
    pthread_t thread;
    pthread_barrier_t *start; // or the first would be done before the last begins
};

extern "C" void *run_one(void *argument)
{
    Run &run = *static_cast<Run *>(argument);
    pthread_barrier_wait(run.start);
    try {
        run.work(run.shared, run.number);
    } catch (const std::exception &error) {
        run.failed = error.what();
    }
    return NULL;
}

void together(Work work, void *shared, int threads)
{
    std::vector<Run> runs(static_cast<std::size_t>(threads));
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, static_cast<unsigned>(threads));
    for (int i = 0; i < threads; ++i) {
        Run &run = runs[static_cast<std::size_t>(i)];
        run.work = work;
        run.shared = shared;
        run.number = i;
        run.start = &start;
        if (pthread_create(&run.thread, NULL, run_one, &run) != 0)
            throw Failed("no thread");
    }
    std::string failed;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        pthread_join(runs[i].thread, NULL);
        failed += runs[i].failed;
    }
    pthread_barrier_destroy(&start);
    if (!failed.empty())
        throw Failed(failed);
}

// ---- sales and results -----------------------------------------------------------------------------

void a_sale()
{
    Client till(Config::json(config()));
    EQUAL(0, till.opened().int_or("/data/journal/pending", -1));
    const Result started = till.start_solicitation(basket("C-1"));
    EQUAL(Status::ok, started.status());
    EQUAL("SQ_OK", started.name());
    EQUAL(204, started.http_status());
    EQUAL(sequra::Operation::start_solicitation, started.operation());
    EQUAL(sequra::Next::send_form, started.next());
    const sequra::Order order = started.order();
    EQUAL(sequra::State::solicited, order.state);
    EQUAL(9000, order.amount);
    EQUAL("EUR", order.currency);
    EQUAL("shop_es", order.merchant_id);
    EQUAL("C-1", order.order_ref_1);
    EQUAL("", order.order_ref_2);
    EQUAL(order.url, simulator() + "/orders/" + order.uuid);

    till.send_form(order.url, "pp3");
    bool conflict = false;
    try {
        till.confirm(order.url);
    } catch (const sequra::Conflict &error) {
        conflict = true;
        EQUAL(Status::conflict, error.status());
        EQUAL("SQ_CONFLICT", error.name());
        EQUAL(sequra::ErrorCode::not_approved, error.code());
        EQUAL(sequra::Next::confirm, error.next());
        EQUAL(409, error.result().http_status());
        EQUAL(order.uuid, error.order().uuid);
        CHECK(!error.operator_message().empty());
    }
    CHECK(conflict);
    approve(order.uuid);
    EQUAL(sequra::State::settled, till.confirm(order.url, basket("C-1")).order().state);
    const Result shipped = till.ship("C-1", "[{\"reference\":\"CAM-01\",\"quantity\":1}]");
    EQUAL("partly_shipped", shipped.value("/data/amounts/delivery"));
    EQUAL("shipped", till.ship("C-1").value("/data/amounts/delivery"));
    const Result info = till.order_info("C-1");
    EQUAL(1u, info.count("/data/shipped_cart/items"));
    EQUAL("CAM-01", info.value(sequra::at("/data/shipped_cart/items", 0, "/reference")));
    EQUAL(9000, info.int_or("/data/shipped_cart/order_total_with_tax", 0));
}

void a_sale_of_an_order_that_was_built()
{
    Client till(Config::json(config()));
    OrderBuilder order(till);
    order.add_item(sequra::ItemType::product, "CAM-01", "Camisa", 3, 3000, 9000)
        .add_item(sequra::ItemType::discount, "REB", sequra::Text(), 0, 0, -500)
        .set_flag("/cart/gift", true)
        .set_int("/cart/order_total_with_tax", 8500)
        .set_text("/cart/currency", "EUR");
    EQUAL("true", order.value("/cart/gift"));
    EQUAL("-500", order.value("/cart/items/1/total_with_tax"));
    order.set_int("/most", 9223372036854775807);
    EQUAL("9223372036854775807", order.value("/most"));
    order.add_item("product", "x", "x", 1, 5000000000, -5000000001);
    EQUAL("5000000000", order.value("/cart/items/2/price_with_tax"));
    EQUAL("-5000000001", order.value("/cart/items/2/total_with_tax"));
    THROWS(sequra::InvalidCall, order.value("/cart/items/3"));
    EQUAL(0u, order.json().find("{\"cart\":{"));

    const std::string before = order.json();
    try {
        order.set_int("no pointer", 1);
        throw Failed("a wrong pointer is taken");
    } catch (const sequra::InvalidCall &error) {
        EQUAL(Status::invalid_argument, error.status());
        EQUAL("SQ_INVALID_ARGUMENT: no pointer", std::string(error.what()));
        EQUAL(0u, error.errors().size());
        EQUAL(sequra::ErrorCode::unknown, error.code());
        EQUAL("", error.result().json());
    }
    EQUAL(before, order.json());
}

void one_value_at_a_time()
{
    const Result echo = sequra::echo("-9223372036854775808");
    const int64_t least = -9223372036854775807 - 1;
    EQUAL(least, echo.int_or("/data/text", 0));
    EQUAL(9223372036854775807, sequra::echo("9223372036854775807").int_or("/data/text", 0));
    EQUAL(20, echo.int_or("/data/bytes", 0));
    EQUAL(7, sequra::echo("seven").int_or("/data/text", 7));
    EQUAL(7, sequra::echo("-").int_or("/data/text", 7));
    EQUAL(7, echo.int_or("/order", 7));
    EQUAL("null", echo.value("/order"));
    EQUAL("else", echo.value_or("/order", "else"));
    EQUAL("else", echo.value_or("/nowhere", "else"));
    EQUAL("", echo.value_or("/nowhere"));
    EQUAL(echo.json().size(), echo.value("").size());
    EQUAL(0u, echo.count("/errors"));
    EQUAL(0u, echo.count("/nowhere"));
    EQUAL("/list/0", sequra::at("/list", 0));
    EQUAL("/list/1020/code", sequra::at("/list", 1020, "/code"));
    try {
        echo.value("/nowhere");
        throw Failed("/nowhere is there");
    } catch (const sequra::InvalidCall &error) {
        EQUAL(Status::invalid_argument, error.status());
        EQUAL("SQ_INVALID_ARGUMENT: /nowhere is not in the result", std::string(error.what()));
    }
    THROWS(sequra::InvalidCall, echo.value(sequra::Text()));

    const Result nothing;
    EQUAL("", nothing.json());
    EQUAL("", nothing.order().url);
    EQUAL(0, nothing.order().amount);
    EQUAL(sequra::Next::unknown, nothing.next());
    EQUAL(0u, nothing.errors().size());
}

// ---- words -----------------------------------------------------------------------------------------

template <class Words> void each_word()
{
    for (int value = 1; value < Words::count; ++value) {
        const sequra::Word<Words> word(static_cast<typename Words::Value>(value));
        EQUAL(value, static_cast<int>(sequra::Word<Words>(word.str())));
        CHECK(!word.str().empty());
    }
    EQUAL("", std::string(Words::word(Words::unknown)));
}

void words_are_types()
{
    each_word<sequra::words::ErrorCode>();
    each_word<sequra::words::Next>();
    each_word<sequra::words::State>();
    each_word<sequra::words::Operation>();
    each_word<sequra::words::ItemType>();

    const sequra::Next newer("dance");
    EQUAL(sequra::Next::unknown, newer);
    EQUAL("dance", newer.str());
    const sequra::Next next = sequra::Next::recover;
    std::ostringstream stream;
    stream << next << ' ' << newer;
    EQUAL("recover dance", stream.str());
    switch (next) {
    case sequra::Next::recover: break;
    default: throw Failed("a switch takes a word");
    }
    EQUAL(2409, static_cast<int>(Status::conflict));
    EQUAL(std::string("recover"), second_unit_word());
}

// ---- errors ----------------------------------------------------------------------------------------

template <class Type> bool raises(sq_status status)
{
    try {
        sequra::Error::raise(Result(status), "what");
    } catch (const sequra::Error &error) {
        EQUAL(status, error.status());
        EQUAL(sequra::status_name(status) + ": what", std::string(error.what()));
        return dynamic_cast<const Type *>(&error) != NULL;
    }
    throw Failed("nothing is thrown");
}

void each_status_has_its_class()
{
    const sq_status all[] = {SQ_INVALID_ARGUMENT, SQ_INVALID_HANDLE, SQ_INVALID_TEXT, SQ_INVALID_JSON, SQ_INVALID_CONFIG,
                             SQ_INVALID_ORDER, SQ_FOREIGN_URL, SQ_UNKNOWN_ORDER, SQ_WRONG_STATE, SQ_CONFLICT,
                             SQ_DUPLICATE_ORDER_REF, SQ_UNAUTHORIZED, SQ_REFUSED, SQ_UNREACHABLE, SQ_OUTCOME_UNKNOWN,
                             SQ_TLS, SQ_SERVER_ERROR, SQ_JOURNAL, SQ_BUSY, SQ_INTERNAL};
    for (std::size_t i = 0; i < sizeof all / sizeof all[0]; ++i) {
        const sq_status status = all[i];
        EQUAL(status / 1000 == 1, raises<sequra::InvalidCall>(status));
        EQUAL(status / 1000 == 2, raises<sequra::Refused>(status));
        EQUAL(status / 1000 == 3, raises<sequra::NoAnswer>(status));
        EQUAL(status / 1000 == 4, raises<sequra::MachineError>(status));
        EQUAL(status / 1000 == 9, raises<sequra::InternalError>(status));
        EQUAL(status == SQ_INVALID_ORDER, raises<sequra::InvalidOrder>(status));
        EQUAL(status == SQ_CONFLICT || status == SQ_DUPLICATE_ORDER_REF, raises<sequra::Conflict>(status));
        EQUAL(status == SQ_DUPLICATE_ORDER_REF, raises<sequra::DuplicateOrderRef>(status));
        EQUAL(status == SQ_OUTCOME_UNKNOWN, raises<sequra::OutcomeUnknown>(status));
    }
    CHECK(raises<sequra::Error>(7777)); // one that a newer library has
}

void every_problem_with_its_place()
{
    Client till(Config::json(config(",\"language\":\"en\"")));
    try {
        till.start_solicitation(basket("C-2", "9001"));
        throw Failed("a wrong total is taken");
    } catch (const sequra::InvalidOrder &error) {
        EQUAL(sequra::ErrorCode::cart_total_mismatch, error.code());
        EQUAL(sequra::Next::fix_order, error.next());
        const std::vector<sequra::Problem> problems = error.errors();
        EQUAL(1u, problems.size());
        EQUAL("/cart/order_total_with_tax", problems[0].pointer);
        EQUAL("9000", problems[0].expected);
        EQUAL("9001", problems[0].actual);
        EQUAL("SQ_INVALID_ORDER: " + problems[0].message, std::string(error.what()));
        EQUAL(0u, error.operator_message().find("TEST: The basket total is "));
        EQUAL(error.operator_message(), error.result().value("/operator_message"));
    }
}

void a_client_that_does_not_open_says_why()
{
    THROWS(sequra::InvalidCall, Client(Config::json("{")));
    THROWS(sequra::InvalidCall, Client(Config::file("is-not-there.json")));
    THROWS(sequra::MachineError, Client(Config::json("{\"base_url\":\"http://127.0.0.1:1\",\"account_key\":\"k\","
                                                     "\"account_secret\":\"s\",\"merchant_id\":\"m\",\"journal\":"
                                                     "\"/is/not/there/journal\"}")));
    try {
        Client till(Config::json("{\"account_key\":7}"));
        throw Failed("it opens");
    } catch (const sequra::InvalidCall &error) {
        EQUAL(Status::invalid_config, error.status());
        CHECK(error.errors().size() > 1);
    }
}

// ---- texts -----------------------------------------------------------------------------------------

void a_text_with_a_nul_is_refused()
{
    const std::string cut("R-1\0and more", 12);
    Client till(Config::json(config()));
    OrderBuilder order;
    THROWS(std::invalid_argument, Client(Config::json(config() + std::string(1, '\0'))));
    THROWS(std::invalid_argument, Client(Config::file(std::string("a\0b", 3))));
    THROWS(std::invalid_argument, sequra::echo(cut));
    THROWS(std::invalid_argument, till.echo(cut));
    THROWS(std::invalid_argument, till.set_order_ref("x", cut));
    THROWS(std::invalid_argument, till.send_form("x", "pp3", cut));
    THROWS(std::invalid_argument, order.set_text("/x", cut));
    THROWS(std::invalid_argument, order.set_text(cut, "x"));
    THROWS(std::invalid_argument, order.add_item(sequra::ItemType::product, "x", cut, 1, 1, 1));
    THROWS(std::invalid_argument, till.pending().value(cut));
    EQUAL("{}", order.json());
}

void a_text_may_be_left_out_where_the_call_allows_it()
{
    const char *const nothing = NULL;
    Client till(Config::json(config()));
    EQUAL(till.recover().value("/data/orders"), till.recover(nothing).value("/data/orders"));
    EQUAL(sequra::Operation::log, till.log(nothing).operation());
    THROWS(sequra::InvalidCall, till.echo(nothing));
    THROWS(sequra::InvalidCall, till.start_solicitation(sequra::Text()));
    EQUAL("", sequra::echo("").value("/data/text"));
    EQUAL("", sequra::echo(std::string()).value("/data/text"));
}

void a_till_in_windows_1252()
{
    const std::string name = "\xCD\xF1igo", surname = "Mu\xF1oz G\xFC" "ell", street = "C/ de la Concepci\xF3n 3, 1\xBA";
    Client till(Config::json(config(",\"text_encoding\":\"windows-1252\"")));
    OrderBuilder order(till);
    order.add_item(sequra::ItemType::product, "CA\xD1-7", "Ca\xF1" "a de pescar", 1, 7900, 7900)
        .set_text("/cart/currency", "EUR")
        .set_flag("/cart/gift", false)
        .set_int("/cart/order_total_with_tax", 7900)
        .set_text("/delivery_method/name", "Env\xEDo")
        .set_text("/customer/email", "inigo@example.es")
        .set_text("/customer/logged_in", "unknown")
        .set_text("/customer/language_code", "es-ES")
        .set_text("/customer/ip_number", "127.0.0.1")
        .set_text("/customer/user_agent", "till")
        .set_text("/gui/layout", "desktop");
    const char *const platform[] = {"name", "version", "uname", "db_name", "db_version"};
    for (std::size_t i = 0; i < 5; ++i)
        order.set_text(std::string("/platform/") + platform[i], "1");
    const char *const blocks[] = {"/delivery_address", "/invoice_address", "/customer"};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string block = blocks[i];
        order.set_text(block + "/given_names", name).set_text(block + "/surnames", surname);
        if (i < 2)
            order.set_text(block + "/address_line_1", street)
                .set_text(block + "/address_line_2", "")
                .set_text(block + "/company", "")
                .set_text(block + "/postal_code", "28001")
                .set_text(block + "/city", "Madrid")
                .set_text(block + "/country_code", "ES")
                .set_text(block + "/mobile_phone", "612345678");
    }
    const sequra::Order sold = till.start_solicitation(order.json()).order();
    const std::string received = control("GET", "orders/" + sold.uuid);
    CHECK(received.find("\"" + utf8(name) + "\"") != std::string::npos);
    CHECK(received.find("\"" + utf8(surname) + "\"") != std::string::npos);
    CHECK(received.find("\"" + utf8(street) + "\"") != std::string::npos);
    CHECK(received.find("\"" + utf8("CA\xD1-7") + "\"") != std::string::npos);

    // What the operator reads: the same words in another encoding.
    Client modern(Config::json(config()));
    std::string legacy, message;
    try {
        till.confirm("https://elsewhere.example/orders/5a1c7d2e-8f1b-4c55-9f0e-3f6d7f1f2a10");
    } catch (const sequra::Error &error) {
        legacy = error.operator_message();
    }
    try {
        modern.confirm("https://elsewhere.example/orders/5a1c7d2e-8f1b-4c55-9f0e-3f6d7f1f2a10");
    } catch (const sequra::Error &error) {
        message = error.operator_message();
    }
    EQUAL(message, utf8(legacy));
    CHECK(message != legacy);
}

// ---- lifetimes -------------------------------------------------------------------------------------

void closed_twice_and_used_after()
{
    Client till(Config::json(config()));
    till.close();
    till.close();
    EQUAL("", till.opened().json());
    THROWS(sequra::InvalidCall, till.pending());
    THROWS(sequra::InvalidCall, till.echo("x"));
    THROWS(sequra::InvalidCall, till.log_dismiss(1));
    THROWS(sequra::InvalidCall, till.set_order_ref("x", "y"));
    THROWS(sequra::InvalidCall, OrderBuilder(till).json());
    EQUAL(0, sequra::live_handles());

    OrderBuilder order;
    order.close();
    order.close();
    THROWS(sequra::InvalidCall, order.set_int("/x", 1));
    THROWS(sequra::InvalidCall, order.add_item("product", "x", "x", 1, 1, 1));
    THROWS(sequra::InvalidCall, order.json());
}

void results_share_their_memory_and_outlive_their_client()
{
    Result kept, other;
    {
        Client till(Config::json(config()));
        kept = till.pending();
        EQUAL(3, sequra::live_handles()); // the client, what opening it said, and this
        other = kept;
        const Result more(other);
        EQUAL(3, sequra::live_handles());
    }
    EQUAL(1, sequra::live_handles());
    Result &itself = kept;
    kept = itself;
    kept = Result();
    EQUAL("[]", other.value("/data/orders"));
    swap(kept, other);
    EQUAL("", other.json());
    EQUAL("[]", kept.value("/data/orders"));
    EQUAL(1, sequra::live_handles());
}

void an_error_outlives_its_client()
{
    std::vector<sequra::Error> kept;
    {
        Client till(Config::json(config()));
        try {
            second_unit_throws(till);
        } catch (const sequra::InvalidCall &error) {
            kept.assign(3, error);
        }
    }
    EQUAL(3u, kept.size());
    EQUAL(1, sequra::live_handles());
    kept.erase(kept.begin());
    EQUAL(sequra::ErrorCode::unknown_order, kept[1].code());
}

void gone_in_any_order()
{
    std::srand(static_cast<unsigned>(std::strtoul(std::getenv("SEQURA_SEED"), NULL, 10)));
    for (int round = 0; round < 50; ++round) {
        Client *till = new Client(Config::json(config()));
        OrderBuilder *orders[] = {new OrderBuilder(*till), new OrderBuilder};
        std::vector<Result> results;
        results.push_back(till->opened());
        results.push_back(till->pending());
        results.push_back(sequra::echo("x"));
        results.push_back(results[std::rand() % 3]);
        for (int gone = 0, choice = std::rand() % 4; gone < 4; ++gone, choice = (choice + 1) % 4) {
            if (choice == 0) {
                delete till;
            } else if (choice == 1 || choice == 2) {
                orders[choice - 1]->set_int("/x", round);
                delete orders[choice - 1];
            } else {
                while (!results.empty()) {
                    const std::size_t one = static_cast<std::size_t>(std::rand()) % results.size();
                    EQUAL("SQ_OK", results[one].value("/status"));
                    results.erase(results.begin() + static_cast<std::ptrdiff_t>(one));
                }
            }
        }
        EQUAL(0, sequra::live_handles());
    }
}

#if __cplusplus >= 201103L
Client open_and_give_away()
{
    Client till(Config::json(config()));
    return till;
}

void moved()
{
    static_assert(!std::is_copy_constructible<Client>::value && !std::is_copy_assignable<Client>::value, "one owner");
    static_assert(!std::is_copy_constructible<OrderBuilder>::value, "one owner");
    static_assert(std::is_nothrow_move_constructible<Client>::value && std::is_nothrow_move_assignable<Client>::value, "");
    static_assert(std::is_nothrow_move_constructible<OrderBuilder>::value, "");
    static_assert(std::is_nothrow_move_constructible<Result>::value && std::is_nothrow_copy_assignable<Result>::value, "");
    static_assert(std::is_nothrow_copy_constructible<sequra::Error>::value, "");
    static_assert(std::is_nothrow_destructible<Client>::value && std::is_nothrow_destructible<Result>::value, "");

    Client one = open_and_give_away();
    Client other(std::move(one));
    EQUAL("[]", other.pending().value("/data/orders"));
    EQUAL(0, other.opened().int_or("/data/journal/pending", -1));
    THROWS(sequra::InvalidCall, one.pending());
    THROWS(sequra::InvalidCall, one.echo("a null client would take it"));
    THROWS(sequra::InvalidCall, OrderBuilder{one});
    one.close();
    one = Client(Config::json(config()));
    one = std::move(other); // closes what it had
    EQUAL("[]", one.pending().value("/data/orders"));
    EQUAL(2, sequra::live_handles());

    std::vector<Client> tills;
    tills.push_back(std::move(one));
    tills.push_back(open_and_give_away());
    EQUAL("[]", tills[0].pending().value("/data/orders"));

    OrderBuilder order(tills[0]);
    order.set_int("/x", 1);
    OrderBuilder moved(std::move(order));
    THROWS(sequra::InvalidCall, order.set_int("/x", 2));
    EQUAL("{\"x\":1}", moved.json());
    order = std::move(moved);
    EQUAL("{\"x\":1}", order.json());
}
#endif

// ---- threads ---------------------------------------------------------------------------------------

void sell(void *shared, int number)
{
    Client &till = *static_cast<Client *>(shared);
    std::ostringstream ticket;
    ticket << "T-" << number;
    const sequra::Order order = till.start_solicitation(basket(ticket.str())).order();
    till.send_form(order.url, "pp3");
    approve(order.uuid);
    EQUAL(sequra::State::settled, till.confirm(order.url).order().state);
    for (int i = 0; i < 20; ++i)
        EQUAL(ticket.str(), till.order_info(ticket.str()).order().order_ref_1);
}

void one_client_for_many_threads()
{
    Client till(Config::json(config()));
    together(sell, &till, 8);
    EQUAL(8u, till.log("{\"limit\":1000}").count("/data/entries") / 3);
}

void copy_and_drop(void *shared, int)
{
    const Result &result = *static_cast<Result *>(shared);
    for (int i = 0; i < 400000; ++i) {
        const Result one(result);
        Result other;
        other = one;
    }
    EQUAL("x", result.value("/data/text"));
}

void a_result_copied_by_many_threads()
{
    Result result = sequra::echo("x");
    together(copy_and_drop, &result, 4);
    EQUAL("x", result.value("/data/text"));
    EQUAL(1, sequra::live_handles());
}

void call_until_closed(void *shared, int number)
{
    Client &till = *static_cast<Client *>(shared);
    try {
        for (int calls = 0; number >= 2 || calls < 3; ++calls) // the first two close it, and may do so at once
            EQUAL(500u, till.echo(std::string(500, 'x')).value("/data/text").size());
        till.close();
    } catch (const sequra::InvalidCall &error) {
        EQUAL(Status::invalid_handle, error.status());
    }
}

void closed_while_others_call()
{
    for (int round = 0; round < 10; ++round) {
        Client till(Config::json(config()));
        together(call_until_closed, &till, 6);
    }
}

void add_items(void *shared, int)
{
    OrderBuilder &order = *static_cast<OrderBuilder *>(shared);
    for (int i = 0; i < 50; ++i)
        order.add_item("product", "x", "x", 1, 1, 1);
}

void an_order_built_by_many_threads()
{
    OrderBuilder order;
    together(add_items, &order, 4);
    EQUAL("1", order.value("/cart/items/199/quantity"));
    THROWS(sequra::InvalidCall, order.value("/cart/items/200"));
}

// ---- the library -----------------------------------------------------------------------------------

void the_library_says_what_it_is()
{
    EQUAL(static_cast<uint32_t>(SQ_ABI_VERSION), sequra::abi_version());
    CHECK(sequra::build_info().find("\"version\":\"" + sequra::version() + "\"") != std::string::npos);
    EQUAL("SQ_CONFLICT", sequra::status_name(Status::conflict));
    EQUAL("SQ_UNKNOWN_STATUS", sequra::status_name(1));
    EQUAL(2, sequra::status_class(Status::conflict));
    EQUAL(-1, sequra::status_class(1));
    EQUAL("from there", second_unit_echo("from there").value("/data/text"));
}

const struct {
    const char *name;
    void (*test)();
} tests[] = {
    {"a_sale", a_sale},
    {"a_sale_of_an_order_that_was_built", a_sale_of_an_order_that_was_built},
    {"one_value_at_a_time", one_value_at_a_time},
    {"words_are_types", words_are_types},
    {"each_status_has_its_class", each_status_has_its_class},
    {"every_problem_with_its_place", every_problem_with_its_place},
    {"a_client_that_does_not_open_says_why", a_client_that_does_not_open_says_why},
    {"a_text_with_a_nul_is_refused", a_text_with_a_nul_is_refused},
    {"a_text_may_be_left_out_where_the_call_allows_it", a_text_may_be_left_out_where_the_call_allows_it},
    {"a_till_in_windows_1252", a_till_in_windows_1252},
    {"closed_twice_and_used_after", closed_twice_and_used_after},
    {"results_share_their_memory_and_outlive_their_client", results_share_their_memory_and_outlive_their_client},
    {"an_error_outlives_its_client", an_error_outlives_its_client},
    {"gone_in_any_order", gone_in_any_order},
#if __cplusplus >= 201103L
    {"moved", moved},
#endif
    {"one_client_for_many_threads", one_client_for_many_threads},
    {"a_result_copied_by_many_threads", a_result_copied_by_many_threads},
    {"closed_while_others_call", closed_while_others_call},
    {"an_order_built_by_many_threads", an_order_built_by_many_threads},
    {"the_library_says_what_it_is", the_library_says_what_it_is},
};

}

int main()
{
    int passed = 0, failed = 0;
    for (std::size_t i = 0; i < sizeof tests / sizeof tests[0]; ++i) {
        std::string why;
        try {
            control("POST", "reset");
            tests[i].test();
        } catch (const std::exception &error) {
            why = error.what();
        }
        if (why.empty() && sequra::live_handles() != 0)
            why = "handles are left over";
        if (!why.empty())
            std::cout << tests[i].name << ": " << why << std::endl;
        ++(why.empty() ? passed : failed);
    }
    std::cout << passed << " passed, " << failed << " failed" << std::endl;
    return failed == 0 ? 0 : 1;
}
