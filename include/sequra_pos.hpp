/**
 * @file
 * sequra-pos for C++: sell with seQura from a till that seQura cannot call back.
 *
 *     sequra::Client till(sequra::Config::file("till.json"));
 *     const std::string url = till.start_solicitation(order).order().url;
 *
 * Classes over the C functions of sequra_pos.h, which is the manual of each call; there is nothing to
 * compile. C++98, with moves from C++11 on. It needs exceptions: every call that is not done throws.
 *
 * Texts are std::string, in UTF-8 or in what the configuration's text_encoding says. Amounts are whole
 * cents. Any function from any thread, one Client for all of them; but an object is made, assigned to
 * and destroyed by one thread at a time, as any other. No destructor throws.
 */
#ifndef SEQURA_POS_HPP
#define SEQURA_POS_HPP

#include "sequra_pos.h"
#include "sequra_pos_words.hpp"

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

/* Undefined again at the end. */
#if __cplusplus >= 201103L || (defined(_MSC_VER) && _MSC_VER >= 1900)
#define SEQURA_POS_CXX11 1
#define SEQURA_POS_NOEXCEPT noexcept
#define SEQURA_POS_NULL nullptr
#else
#define SEQURA_POS_CXX11 0
#define SEQURA_POS_NOEXCEPT throw()
#define SEQURA_POS_NULL NULL
#endif

#if defined(_MSC_VER)
extern "C" long __cdecl _InterlockedExchangeAdd(long volatile *, long);
#pragma intrinsic(_InterlockedExchangeAdd)
#endif

namespace sequra {

// ---- words -----------------------------------------------------------------------------------------

/**
 * One word of a closed list, such as `next`. It compares with its enumerators, and a switch takes it:
 *
 *     if (result.next() == sequra::Next::recover) ...
 *
 * A word that a newer library says and this header does not know is `unknown`; str() has it.
 */
template <class Words> class Word : public Words {
public:
    typedef typename Words::Value Value;

    Word() : value_(Words::unknown) {}
    Word(Value value) : value_(value), word_(Words::word(value)) {}
    explicit Word(const std::string &word) : value_(Words::unknown), word_(word)
    {
        for (int value = Words::count - 1; value > Words::unknown && value_ == Words::unknown; --value)
            if (word == Words::word(static_cast<Value>(value)))
                value_ = static_cast<Value>(value);
    }

    operator Value() const { return value_; }
    /** The word as it stands in the JSON; "" for none. */
    const std::string &str() const { return word_; }

private:
    Value value_;
    std::string word_;
};

template <class Words> std::ostream &operator<<(std::ostream &stream, const Word<Words> &word)
{
    return stream << word.str();
}

typedef Word<words::ErrorCode> ErrorCode;
typedef Word<words::Next> Next;
typedef Word<words::State> State;
typedef Word<words::Operation> Operation;
typedef Word<words::ItemType> ItemType;

// ---- texts that go in ------------------------------------------------------------------------------

/**
 * What calls take for a text: a std::string, a const char *, or a type of item. It is not copied, and is
 * for arguments only. No text at all, Text() or a null pointer, is for those that may be left out.
 */
class Text {
public:
    Text() : text_() {}
    Text(const char *text) : text_(text) {}
    /** Throws std::invalid_argument for a text with a NUL in it, of which C would see the first part. */
    Text(const std::string &text) : text_(text.c_str())
    {
        if (text.find('\0') != std::string::npos)
            throw std::invalid_argument("sequra: a text has a NUL in it");
    }
    Text(words::ItemType::Value type) : text_(words::ItemType::word(type)) {}

    const char *c_str() const { return text_; }

private:
    const char *text_;
};

/** The JSON pointer of an entry of a list, or of a field of it: at("/data/orders", 0, "/url"). */
inline std::string at(const std::string &list, std::size_t index, const std::string &field = std::string())
{
    std::string digits;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + index % 10));
        index /= 10;
    } while (index > 0);
    return list + "/" + digits + field;
}

// ---- results ---------------------------------------------------------------------------------------

/** The order that a result is about. What is not known (yet) is empty, or 0. */
struct Order {
    std::string url;
    std::string uuid;
    State state;
    std::string shop_status;
    std::string order_ref_1;
    std::string order_ref_2;
    std::string merchant_id;
    int64_t amount; /**< cents */
    std::string currency;
    std::string portal_url;
    std::string cart_ref; /**< the till's own key, cart.cart_ref */

    Order() : amount() {}
};

/** One thing that is wrong, or in warnings deserves a look. What does not apply is empty. */
struct Problem {
    ErrorCode code;
    std::string message;
    std::string pointer;  /**< the place, as a JSON pointer */
    std::string expected; /**< a text bare, anything else as JSON */
    std::string actual;
    std::string operator_message; /**< for the person at the till, of an order that is wrong */
};

/**
 * What came of a call: JSON, read value by value without a JSON library. A result never changes; copies
 * share its memory, which goes with the last of them. It outlives its client.
 */
class Result {
public:
    /** No result: everything in it is empty. */
    explicit Result(sq_status status = SQ_OK) SEQURA_POS_NOEXCEPT : status_(status), shared_(SEQURA_POS_NULL) {}
    Result(const Result &other) SEQURA_POS_NOEXCEPT : status_(other.status_), shared_(other.shared_)
    {
        if (shared_)
            add(&shared_->count, 1);
    }
    Result &operator=(const Result &other) SEQURA_POS_NOEXCEPT
    {
        Result copy(other);
        swap(copy);
        return *this;
    }
    ~Result() SEQURA_POS_NOEXCEPT
    {
        if (shared_ && add(&shared_->count, -1) == 0) {
            ::sq_buffer_free(shared_->buffer);
            delete shared_;
        }
    }
    void swap(Result &other) SEQURA_POS_NOEXCEPT
    {
        std::swap(status_, other.status_);
        std::swap(shared_, other.shared_);
    }

    /** One of Status, or a number that is newer than this header. */
    sq_status status() const { return status_; }
    /** The status's name: "SQ_OK". */
    std::string name() const { return ::sq_status_name(status_); }
    /** Which call it is of. */
    Operation operation() const { return Operation(value_or("/operation")); }
    /** What the till should do now. */
    Next next() const { return Next(value_or("/next")); }
    /** For the person at the till, in the configured language. */
    std::string operator_message() const { return value_or("/operator_message"); }
    /** Of seQura's answer; 0 when there was none. */
    int http_status() const { return static_cast<int>(int_or("/http/status", 0)); }
    /** The order it is about; all empty where it is about none. */
    Order order() const;
    /** Everything that is wrong. */
    std::vector<Problem> errors() const { return problems("/errors"); }
    /** What deserves a look although the call went its way. */
    std::vector<Problem> warnings() const { return problems("/warnings"); }

    /** The whole JSON. */
    std::string json() const { return std::string(::sq_buffer_text(buffer()), ::sq_buffer_len(buffer())); }
    /**
     * One value by JSON pointer, "/order/url": a text bare, anything else as JSON. Throws InvalidCall
     * where the pointer finds nothing.
     */
    std::string value(Text pointer) const;
    /** The same; `otherwise` where the pointer finds nothing, or null. */
    std::string value_or(Text pointer, const std::string &otherwise = std::string()) const;
    /** A whole number, such as an amount in cents; `otherwise` where there is none. */
    int64_t int_or(Text pointer, int64_t otherwise) const;
    /** How many entries a list has, count("/data/orders"); at() names them. */
    std::size_t count(const std::string &list) const;

private:
    friend class Client;
    friend class OrderBuilder;
    friend Result echo(Text text);

    /** The library's buffer, and how many results share it. */
    struct Shared {
        sq_buffer *buffer;
        volatile long count;

        Shared() : buffer(SEQURA_POS_NULL), count(1) {}
    };

    /** Where a call puts its buffer. The memory is there before the call, so that nothing gets lost. */
    sq_buffer **receive() { return &(shared_ = new Shared)->buffer; }
    /** What the call came to. Throws unless it is done. */
    const Result &finish(sq_status status);

    sq_buffer *buffer() const { return shared_ ? shared_->buffer : SEQURA_POS_NULL; }
    sq_status find(const char *pointer, std::string &value) const;
    std::vector<Problem> problems(const std::string &list) const;

    /** Counts; the copies may be in different threads. Gives the new number. */
    static long add(volatile long *count, long more) SEQURA_POS_NOEXCEPT
    {
#if defined(__GNUC__)
        return __sync_add_and_fetch(count, more);
#elif defined(_MSC_VER)
        return _InterlockedExchangeAdd(count, more) + more;
#else
        return *count += more; /* a compiler nobody has tried: keep the copies of a result in one thread */
#endif
    }

    sq_status status_;
    Shared *shared_;
};

// ---- errors ----------------------------------------------------------------------------------------

/**
 * A call that was not done. what() is for the log, operator_message() for the person at the till. The
 * classes derived from it are the thousands of the status, and what a till looks for among them.
 */
class Error : public std::runtime_error {
public:
    Error(const Result &result, const std::string &what)
        : std::runtime_error(result.name() + ": " + what), result_(result)
    {
    }

    /** One of Status, or a number that is newer than this header. */
    sq_status status() const { return result_.status(); }
    /** The status's name: "SQ_CONFLICT". */
    std::string name() const { return result_.name(); }
    /** Of the first problem. */
    ErrorCode code() const { return ErrorCode(result_.value_or("/errors/0/code")); }
    /** Everything that is wrong. */
    std::vector<Problem> errors() const { return result_.errors(); }
    /** What the till should do now. */
    Next next() const { return result_.next(); }
    /** For the person at the till, in the configured language. */
    std::string operator_message() const { return result_.operator_message(); }
    /** The order it is about. */
    Order order() const { return result_.order(); }
    /** All of it; empty but for the status where there is none, as in errors of OrderBuilder. */
    const Result &result() const { return result_; }

    /** Throws the class that the result's status has. */
    static void raise(const Result &result, const std::string &what);

private:
    Result result_;
};

/** 1xxx: the call was wrong; nothing was sent. */
class InvalidCall : public Error {
public:
    InvalidCall(const Result &result, const std::string &what) : Error(result, what) {}
};

/** SQ_INVALID_ORDER: errors() has every problem, each with its place. */
class InvalidOrder : public InvalidCall {
public:
    InvalidOrder(const Result &result, const std::string &what) : InvalidCall(result, what) {}
};

/** 2xxx: seQura said no. The sale must not be completed. */
class Refused : public Error {
public:
    Refused(const Result &result, const std::string &what) : Error(result, what) {}
};

/** SQ_CONFLICT: it refuses the order as it is now; code() says why: cart_changed, not_approved, ... */
class Conflict : public Refused {
public:
    Conflict(const Result &result, const std::string &what) : Refused(result, what) {}
};

/** SQ_DUPLICATE_ORDER_REF: another sale has that number. Call again with another. */
class DuplicateOrderRef : public Conflict {
public:
    DuplicateOrderRef(const Result &result, const std::string &what) : Conflict(result, what) {}
};

/** 3xxx: no final answer. Calling again is safe. */
class NoAnswer : public Error {
public:
    NoAnswer(const Result &result, const std::string &what) : Error(result, what) {}
};

/** SQ_OUTCOME_UNKNOWN: it may be done. Keep the goods, and call again or recover. */
class OutcomeUnknown : public NoAnswer {
public:
    OutcomeUnknown(const Result &result, const std::string &what) : NoAnswer(result, what) {}
};

/** 4xxx: this machine, or another till at work on the same order. */
class MachineError : public Error {
public:
    MachineError(const Result &result, const std::string &what) : Error(result, what) {}
};

/** 9xxx: a bug of the library. Close the client and open another. */
class InternalError : public Error {
public:
    InternalError(const Result &result, const std::string &what) : Error(result, what) {}
};

inline void Error::raise(const Result &result, const std::string &what)
{
    switch (result.status()) {
    case SQ_INVALID_ORDER: throw InvalidOrder(result, what);
    case SQ_CONFLICT: throw Conflict(result, what);
    case SQ_DUPLICATE_ORDER_REF: throw DuplicateOrderRef(result, what);
    case SQ_OUTCOME_UNKNOWN: throw OutcomeUnknown(result, what);
    }
    switch (::sq_status_class(result.status())) {
    case 1: throw InvalidCall(result, what);
    case 2: throw Refused(result, what);
    case 3: throw NoAnswer(result, what);
    case 4: throw MachineError(result, what);
    case 9: throw InternalError(result, what);
    default: throw Error(result, what);
    }
}

inline const Result &Result::finish(sq_status status)
{
    status_ = status;
    if (status != SQ_OK)
        Error::raise(*this, value_or("/errors/0/message", operator_message()));
    return *this;
}

inline sq_status Result::find(const char *pointer, std::string &value) const
{
    uint32_t bytes = 0;
    sq_status status = ::sq_buffer_get(buffer(), pointer, SEQURA_POS_NULL, &bytes);
    if (status != SQ_BUFFER_TOO_SMALL) /* it has said how large the value is */
        return status;
    std::vector<char> memory(bytes);
    status = ::sq_buffer_get(buffer(), pointer, &memory[0], &bytes);
    if (status == SQ_OK)
        value.assign(&memory[0], bytes - 1);
    return status;
}

inline std::string Result::value(Text pointer) const
{
    std::string value;
    const sq_status status = find(pointer.c_str(), value);
    if (status != SQ_OK)
        Error::raise(Result(status), pointer.c_str() ? std::string(pointer.c_str()) + " is not in the result"
                                                     : std::string("no pointer"));
    return value;
}

inline std::string Result::value_or(Text pointer, const std::string &otherwise) const
{
    std::string value;
    return find(pointer.c_str(), value) == SQ_OK && value != "null" ? value : otherwise;
}

inline int64_t Result::int_or(Text pointer, int64_t otherwise) const
{
    const std::string digits = value_or(pointer);
    const std::size_t sign = digits.compare(0, 1, "-") == 0 ? 1 : 0;
    int64_t number = 0;
    for (std::size_t i = sign; i < digits.size(); ++i) {
        if (digits[i] < '0' || digits[i] > '9')
            return otherwise;
        number = number * 10 - (digits[i] - '0'); /* downwards, where there is room for one more */
    }
    if (digits.size() == sign)
        return otherwise;
    return sign ? number : -number;
}

inline std::size_t Result::count(const std::string &list) const
{
    std::size_t entries = 0;
    uint32_t bytes = 0;
    while (::sq_buffer_get(buffer(), at(list, entries).c_str(), SEQURA_POS_NULL, &bytes) == SQ_BUFFER_TOO_SMALL)
        ++entries;
    return entries;
}

inline Order Result::order() const
{
    Order order;
    order.url = value_or("/order/url");
    order.uuid = value_or("/order/uuid");
    order.state = State(value_or("/order/state"));
    order.shop_status = value_or("/order/shop_status");
    order.order_ref_1 = value_or("/order/order_ref_1");
    order.order_ref_2 = value_or("/order/order_ref_2");
    order.merchant_id = value_or("/order/merchant_id");
    order.amount = int_or("/order/amount", 0);
    order.currency = value_or("/order/currency");
    order.portal_url = value_or("/order/portal_url");
    order.cart_ref = value_or("/order/cart_ref");
    return order;
}

inline std::vector<Problem> Result::problems(const std::string &list) const
{
    std::vector<Problem> problems(count(list));
    for (std::size_t i = 0; i < problems.size(); ++i) {
        problems[i].code = ErrorCode(value_or(at(list, i, "/code")));
        problems[i].message = value_or(at(list, i, "/message"));
        problems[i].pointer = value_or(at(list, i, "/pointer"));
        problems[i].expected = value_or(at(list, i, "/expected"));
        problems[i].actual = value_or(at(list, i, "/actual"));
        problems[i].operator_message = value_or(at(list, i, "/operator_message"));
    }
    return problems;
}

// ---- the client ------------------------------------------------------------------------------------

/** Where a client's configuration comes from. */
class Config {
public:
    /** JSON; its keys are listed in the library's docs/configuration.md. */
    static Config json(const std::string &text) { return Config(text, ::sq_client_open); }
    /** A file with it. Relative paths in it are relative to the file's folder. */
    static Config file(const std::string &path) { return Config(path, ::sq_client_open_file); }

private:
    friend class Client;
    typedef sq_status(SQ_CALL *Open)(const char *, sq_client **, sq_buffer **);

    Config(const std::string &text, Open open) : text_(text), open_(open) {}

    std::string text_;
    Open open_;
};

/**
 * A till's connection to seQura and to its journal. It is closed when it goes out of scope. Any number of
 * threads may call one at once; calls about different orders do not wait for each other.
 *
 * Every call gives a Result, and throws an Error where it is not done. Asking twice is safe. Orders,
 * changes and queries are JSON texts; OrderBuilder makes them where the till has no JSON library.
 */
class Client {
public:
    /** Opens it. No connection is made yet; the journal is opened, or made where there is none. */
    explicit Client(const Config &config) : client_(SEQURA_POS_NULL)
    {
        const Text text(config.text_);
        Result opened;
        sq_buffer **const out = opened.receive();
        opened_ = opened.finish(config.open_(text.c_str(), &client_, out));
    }
    ~Client() { close(); }

#if SEQURA_POS_CXX11
    Client(Client &&other) noexcept : client_(nullptr) { swap(other); }
    Client &operator=(Client &&other) noexcept
    {
        Client moved(std::move(other));
        swap(moved);
        return *this;
    }
#endif
    void swap(Client &other) SEQURA_POS_NOEXCEPT
    {
        std::swap(client_, other.client_);
        opened_.swap(other.opened_);
    }

    /**
     * Closes it before it goes out of scope. Calls that other threads have in progress end as usual;
     * those that come later are InvalidCall, SQ_INVALID_HANDLE. Twice does nothing.
     */
    void close() SEQURA_POS_NOEXCEPT
    {
        /* The handle stays, and is stale: the library knows, and other threads may be reading it. */
        if (client_ && ::sq_client_close(client_) == SQ_OK)
            opened_ = Result();
    }

    /** What the opening said, until it is closed: /data/journal/pending; warnings. */
    const Result &opened() const { return opened_; }

    // -- the account

    /** Asks seQura whether it knows this account, and which merchants it has: /data/merchants. */
    Result check_credentials() { return call(::sq_check_credentials); }
    /** Tries everything that a sale needs on this machine: /data/tests, one row each. */
    Result self_test() { return call(::sq_self_test); }
    /** Lists payment methods, of an order or of the configured merchants: /data/methods. */
    Result payment_methods(Text order_url = Text()) { return call(::sq_payment_methods, order_url); }
    /**
     * What an amount in cents costs in instalments: /data/agreements. whom: a merchant, or the country it sells
     * in ("ES"); left out: every configured one. currency: left out: euros.
     */
    Result credit_agreements(int64_t total_cents, Text whom = Text(), Text currency = Text())
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(::sq_credit_agreements(handle(), whom.c_str(), total_cents, currency.c_str(), out));
    }

    // -- the checkout

    /** Everything that is wrong with an order or missing in it; nothing is recorded, and nothing sent. */
    Result check_order(Text order) { return call(::sq_check_order, order); }
    /** Sends the order to seQura. order().url is what the later calls take: keep it with the sale. */
    Result start_solicitation(Text order) { return call(::sq_start_solicitation, order); }
    /** Has seQura send the link to its form to the shopper's mobile. product_code: "pp3", or another. */
    Result send_form(Text order_url, Text product_code, Text campaign = Text())
    {
        return call(::sq_send_form, order_url, product_code, campaign);
    }
    /** The same by channel "sms" or "email"; ask seQura whether the shop may send it by e-mail. */
    Result send_form_by(Text order_url, Text channel, Text product_code, Text campaign = Text())
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(
            ::sq_send_form_by(handle(), order_url.c_str(), channel.c_str(), product_code.c_str(), campaign.c_str(), out));
    }
    /** Acknowledges that seQura has the order under review. order: as in confirm. */
    Result hold(Text order_url, Text order = Text()) { return call(::sq_hold, order_url, order); }
    /**
     * Confirms an order that the shopper says was approved. order: the whole of it as it is now; left
     * out: as last sent.
     *
     * Complete the sale only when this returns, and hand the goods over only in State::settled.
     * Conflict: do not complete it. OutcomeUnknown: call again, or recover.
     */
    Result confirm(Text order_url, Text order = Text()) { return call(::sq_confirm, order_url, order); }
    /** Registers the shop's own number of the sale: without it seQura never pays the shop. */
    Result set_order_ref(Text order_url, Text order_ref_1, Text order_ref_2 = Text())
    {
        return call(::sq_set_order_ref, order_url, order_ref_1, order_ref_2);
    }
    /** Gives up an order (URL, uuid or order_ref_1) that will not become a sale. */
    Result abandon(Text order) { return call(::sq_abandon, order); }
    /** A person says what seQura's portal shows of an order at risk: outcome confirmed or not_confirmed. */
    Result resolve(Text order, Text outcome, Text reason) { return call(::sq_resolve, order, outcome, reason); }

    // -- after the sale

    /** Where an order (URL, uuid or order_ref_1) stands, from the journal: /data/amounts, both carts. */
    Result order_info(Text order) { return call(::sq_order_info, order); }
    /** What a till prints for the shopper, on paper of 24 to 80 columns: /data/lines, and as /data/fields. */
    Result receipt(Text order, int32_t columns)
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(::sq_receipt(handle(), order.c_str(), columns, out));
    }
    /** Changes carts, addresses, the customer, trackings; what is left out stays. */
    Result update_order(Text order_ref_1, Text update) { return call(::sq_update_order, order_ref_1, update); }
    /** Goods were handed over or sent: [{"reference":"CAM-01","quantity":1}]; left out: all that is left. */
    Result ship(Text order_ref_1, Text items = Text()) { return call(::sq_ship, order_ref_1, items); }
    /** Goods came back, {"items":[...]}, or so much is paid back, {"amount":500}; left out: everything. */
    Result refund(Text order_ref_1, Text refund = Text()) { return call(::sq_refund, order_ref_1, refund); }
    /** Cancels an order of which nothing was shipped. */
    Result cancel(Text order_ref_1, Text reason = Text()) { return call(::sq_cancel, order_ref_1, reason); }
    /** Hands a settled order over to another till, and closes it here: /data/document is for its take_over. */
    Result hand_over(Text order) { return call(::sq_hand_over, order); }
    /** Goes on with an order that another till has handed over with this document. */
    Result take_over(Text document) { return call(::sq_take_over, document); }
    /** Tells seQura what was shipped: once a day, even if it is nothing. report: the till's own. */
    Result send_delivery_report(Text report = Text()) { return call(::sq_send_delivery_report, report); }
    /** What seQura has paid out: the list, or one of them by its path. */
    Result disbursements(Text path = Text()) { return call(::sq_disbursements, path); }

    // -- the journal

    /** Every unfinished order, and the money at risk: /data/orders, /data/at_risk. */
    Result pending() { return call(::sq_pending); }
    /**
     * Sends again what a crash or a lost answer left open, of one order or of all. Call it when the till
     * starts. Where some could not be settled it throws, and the others are settled all the same:
     * /data/orders of the Error's result.
     */
    Result recover(Text order = Text()) { return call(::sq_recover, order); }
    /** Holds the settled orders against what seQura has paid out. */
    Result reconcile() { return call(::sq_reconcile); }
    /**
     * The figures between two moments such as "2026-11-27T09:00:00+01:00": /data/sold/EUR/shop_es, and others. Both left
     * out: this machine's local day.
     */
    Result day(Text since = Text(), Text until = Text()) { return call(::sq_day, since, until); }
    /** The transaction log: /data/entries. query: {"attention":true,"limit":100}, all of it optional. */
    Result log(Text query = Text()) { return call(::sq_log, query); }
    /** Marks an entry of the log as seen to. */
    Result log_dismiss(int64_t entry_id)
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(::sq_log_dismiss(handle(), entry_id, out));
    }
    /** Gives a text back in /data/text, through the client's encoding, for testing. */
    Result echo(Text text) { return call(::sq_echo, text); }

private:
    friend class OrderBuilder;

    Client(const Client &);            // one owner
    Client &operator=(const Client &); // likewise

    /** A null pointer means no client to some functions; one that was moved from is a mistake. */
    sq_client *handle() const
    {
        if (!client_)
            Error::raise(Result(SQ_INVALID_HANDLE), "this client was moved from");
        return client_;
    }

    Result call(sq_status(SQ_CALL *function)(sq_client *, sq_buffer **))
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(function(handle(), out));
    }
    Result call(sq_status(SQ_CALL *function)(sq_client *, const char *, sq_buffer **), Text a)
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(function(handle(), a.c_str(), out));
    }
    Result call(sq_status(SQ_CALL *function)(sq_client *, const char *, const char *, sq_buffer **), Text a, Text b)
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(function(handle(), a.c_str(), b.c_str(), out));
    }
    Result call(sq_status(SQ_CALL *function)(sq_client *, const char *, const char *, const char *, sq_buffer **), Text a,
                Text b, Text c)
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(function(handle(), a.c_str(), b.c_str(), c.c_str(), out));
    }

    sq_client *client_;
    Result opened_;
};

// ---- orders without a JSON library -----------------------------------------------------------------

/**
 * An order being built, or any other JSON object, by JSON pointers; what a pointer leads through is made
 * where it is not there, and "-" appends to a list. A call that fails changes nothing, and throws.
 *
 *     sequra::OrderBuilder order(till);
 *     order.add_item(sequra::ItemType::product, "CAM-01", "Camisa", 2, 3000, 6000)
 *         .set_int("/cart/order_total_with_tax", 6000)
 *         .set_text("/customer/surnames", surnames);
 *     till.start_solicitation(order.json());
 */
class OrderBuilder {
public:
    /** Texts are UTF-8. */
    OrderBuilder() : order_(SEQURA_POS_NULL) { begin(SEQURA_POS_NULL); }
    /** Texts are in the client's encoding; it does not depend on the client otherwise. */
    explicit OrderBuilder(const Client &client) : order_(SEQURA_POS_NULL) { begin(client.handle()); }
    ~OrderBuilder() { close(); }

#if SEQURA_POS_CXX11
    OrderBuilder(OrderBuilder &&other) noexcept : order_(nullptr) { swap(other); }
    OrderBuilder &operator=(OrderBuilder &&other) noexcept
    {
        OrderBuilder moved(std::move(other));
        swap(moved);
        return *this;
    }
#endif
    void swap(OrderBuilder &other) SEQURA_POS_NOEXCEPT { std::swap(order_, other.order_); }

    OrderBuilder &set_text(Text pointer, Text text)
    {
        return check(::sq_order_set_text(order_, pointer.c_str(), text.c_str()), pointer);
    }
    /** A whole number; amounts are in cents. */
    OrderBuilder &set_int(Text pointer, int64_t value)
    {
        return check(::sq_order_set_int(order_, pointer.c_str(), value), pointer);
    }
    OrderBuilder &set_flag(Text pointer, bool value)
    {
        return check(::sq_order_set_flag(order_, pointer.c_str(), value ? 1 : 0), pointer);
    }
    /**
     * Appends an item. Prices and totals are in cents; quantity and price count for products and
     * services only; a discount's total is negative. Text() for a reference or name it does not have.
     */
    OrderBuilder &add_item(Text type, Text reference, Text name, int64_t quantity, int64_t price_with_tax,
                           int64_t total_with_tax)
    {
        return check(::sq_order_add_item(order_, type.c_str(), reference.c_str(), name.c_str(), quantity,
                                         price_with_tax, total_with_tax), reference);
    }
    /**
     * Appends goods that were weighed or measured, as one piece: "Queso 0,345 kg", at quantity ("0.345") times the
     * price of one unit ("kg"), a half cent going up. A quantity that is no number above 0 throws.
     */
    OrderBuilder &add_measured(Text type, Text reference, Text name, Text quantity, Text unit,
                               int64_t price_with_tax)
    {
        return check(::sq_order_add_measured(order_, type.c_str(), reference.c_str(), name.c_str(), quantity.c_str(),
                                             unit.c_str(), price_with_tax), quantity);
    }
    /** The order as built so far. */
    std::string json() const { return built().json(); }
    /** One value of it by JSON pointer, as Result::value: the list of ship() is value("/items"). */
    std::string value(Text pointer) const { return built().value(pointer); }

    /** Frees its memory before it goes out of scope; calls that come later are InvalidCall. */
    void close() SEQURA_POS_NOEXCEPT { ::sq_order_free(order_); }

private:
    OrderBuilder(const OrderBuilder &);            // one owner
    OrderBuilder &operator=(const OrderBuilder &); // likewise

    void begin(sq_client *client)
    {
        const sq_status status = ::sq_order_new(client, &order_);
        if (status != SQ_OK)
            Error::raise(Result(status), "an order cannot be begun");
    }
    Result built() const
    {
        Result result;
        sq_buffer **const out = result.receive();
        return result.finish(::sq_order_json(order_, out));
    }
    OrderBuilder &check(sq_status status, const Text &place)
    {
        if (status != SQ_OK)
            Error::raise(Result(status), place.c_str() ? place.c_str() : "a part of the order");
        return *this;
    }

    sq_order *order_;
};

// ---- the library -----------------------------------------------------------------------------------

/** The ABI version of the loaded library; a program is made for SQ_ABI_VERSION. */
inline uint32_t abi_version() { return ::sq_abi_version(); }
/** The library's version: "1.2.3". */
inline std::string version() { return ::sq_version(); }
/** How it was built, as JSON: version, abi, target, features, sqlite, tls. */
inline std::string build_info() { return ::sq_build_info(); }
/** "SQ_CONFLICT"; "SQ_UNKNOWN_STATUS" for a number that is none. */
inline std::string status_name(sq_status status) { return ::sq_status_name(status); }
/** The thousand of a status, which says what kind it is; -1 for a number that is none. */
inline int32_t status_class(sq_status status) { return ::sq_status_class(status); }
/** How many clients, results and orders are not given back: 0 when nothing leaked. */
inline int64_t live_handles() { return ::sq_live_handles(); }
/** Gives a text back in /data/text, for testing; it is UTF-8. */
inline Result echo(Text text)
{
    Result result;
    sq_buffer **const out = result.receive();
    return result.finish(::sq_echo(SEQURA_POS_NULL, text.c_str(), out));
}

inline void swap(Result &one, Result &other) SEQURA_POS_NOEXCEPT { one.swap(other); }
inline void swap(Client &one, Client &other) SEQURA_POS_NOEXCEPT { one.swap(other); }
inline void swap(OrderBuilder &one, OrderBuilder &other) SEQURA_POS_NOEXCEPT { one.swap(other); }

}

#undef SEQURA_POS_CXX11
#undef SEQURA_POS_NOEXCEPT
#undef SEQURA_POS_NULL

#endif
