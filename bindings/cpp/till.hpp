/**
 * @file
 * A till that sells with seQura, as one without an address of its own does: seQura cannot call it, so
 * the operator says when the shopper has been approved (the manual IPN workflow).
 */
#ifndef TILL_HPP
#define TILL_HPP

#include "book.hpp"

#include <sequra_pos.hpp>

#include <string>
#include <vector>

/** What became of it: the exit statuses of the program. */
enum Exit {
    exit_done = 0,         /**< sold: confirmed, completed, registered; or what was asked for is done */
    exit_usage = 1,        /**< wrong command line, or a file of the till's own cannot be used */
    exit_not_sent = 2,     /**< the configuration, the order or the change is wrong; nothing was sent (1xxx) */
    exit_refused = 3,      /**< seQura said no: nothing is sold, or changed (2xxx) */
    exit_no_answer = 4,    /**< not known, or seQura was not reached: keep the goods, ask again (3xxx) */
    exit_machine = 5,      /**< this machine's journal, or a bug of the library (4xxx, 9xxx) */
    exit_no_reference = 6, /**< confirmed, but seQura has no ticket number: keep the goods (any) */
    exit_waiting = 7       /**< left open: the shopper has not been approved yet */
};

Exit exit_status(const sequra::Result &result);

/**
 * What came of a call, done or not: a till has something to do in either case, and reads what.
 *
 *     const sequra::Result sent = result_of(client, &sequra::Client::abandon, url);
 */
sequra::Result result_of(sequra::Client &client, sequra::Result (sequra::Client::*call)());
sequra::Result result_of(sequra::Client &client, sequra::Result (sequra::Client::*call)(sequra::Text), sequra::Text a);
sequra::Result result_of(sequra::Client &client, sequra::Result (sequra::Client::*call)(sequra::Text, sequra::Text),
                         sequra::Text a, sequra::Text b);
sequra::Result result_of(sequra::Client &client,
                         sequra::Result (sequra::Client::*call)(sequra::Text, sequra::Text, sequra::Text),
                         sequra::Text a, sequra::Text b, sequra::Text c);

/** Ticket numbers go into the order, the book and the screen as they are. */
bool is_ticket(const std::string &text);

/** Is it an item of a change, "REFERENCE" or "REFERENCE=QUANTITY"? */
bool is_item(const std::string &word);

/** Digits, and fewer than a long has room for. */
bool is_number(const std::string &text);

/** What the command line says of the till and of the sale that it is at. */
struct Settings {
    std::string book;       /**< the file */
    std::string product;    /**< seQura's product for the form */
    std::string order_file; /**< empty: the order is as it was last sent */
    std::string ticket;     /**< becomes seQura's order_ref_1; empty: the book's, or a new one */
    std::string url;        /**< of the order at seQura */
    bool ref_first;         /**< the ticket number goes with the order, not after the confirmation */
    bool asks;              /**< there is an operator */

    Settings() : book("sales.txt"), product("pp3"), ref_first(false), asks(true) {}
};

/** The till, and the sale that it is at. What its functions answer is the exit status. */
class Till {
public:
    /** A sale that the book knows has its URL and, unless the command line says one, its ticket from it. */
    Till(sequra::Client &client, const Settings &settings);

    // The steps of a sale (sale.cpp). Each goes on with those that come after it.
    Exit start();
    Exit send_form();
    Exit confirm();
    Exit set_reference();

    // What was left unfinished (recovery.cpp).
    /** Goes on with what the till was killed in, or got no answer to; `pending`: the journal has some. */
    Exit recover(bool pending);
    Exit abandon();
    /** Somebody has looked in seQura's portal: `outcome` is confirmed or not_confirmed. Goes on from there. */
    Exit resolve(const std::string &outcome, const std::string &reason);
    Exit show_pending();
    Exit show_book();

    // After the sale, which is named by its ticket number (after_sale.cpp).
    typedef std::vector<std::string> Items;
    Exit ship(const std::string &sale, const Items &items); /**< no items: all that is left */
    Exit refund(const std::string &sale, const Items &items);
    Exit refund_amount(const std::string &sale, const std::string &cents, const std::string &reason);
    Exit cancel(const std::string &sale, const std::string &reason);
    Exit update(const std::string &sale, const std::string &file);
    Exit show_info(const std::string &sale);

    // What the shop's office and support look at and do (records.cpp).
    Exit check_account();
    Exit show_log(const std::string &sale); /**< empty: of all */
    Exit dismiss(const std::string &entry);
    Exit show_payouts();
    Exit report();
    Exit self_test();

private:
    typedef sequra::Result (sequra::Client::*Change)(sequra::Text, sequra::Text);

    /** The order as it is at this moment; empty: as it was last sent. */
    std::string order() const;
    bool is_approved() const;
    bool choose_another_ticket();
    void adopt_ticket(const sequra::Result &answer);
    /** Writes into the book what the order of the answer has come to. */
    void record(const std::string &state, const sequra::Result &answer);
    void say_another_number() const;

    // What comes after a confirmation that went well.
    Exit complete(const sequra::Result &answer);
    Exit register_ticket(const sequra::Result &answer);
    Exit settled(const sequra::Result &answer);

    Till at_sale(const Sale &sale) const;
    void show_recovered(const std::vector<Sale> &sales, const sequra::Result &recovered);
    void see_to_stranger(const sequra::Result &recovered, const std::string &place);
    Exit bring_up_to_date(const Sale &sale, const sequra::Result &recovered);
    void say_why(const std::string &uuid);

    Exit change(const std::string &label, Change call, const std::string &sale, sequra::Text asked);
    Exit record_change();
    void take(const sequra::Result &answer);

    sequra::Client &client_;
    Book book_;
    Settings at_;
};

#endif
