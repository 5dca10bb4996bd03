/**
 * @file
 * The till's own database, as small as one can be: a text file to which one line is added for each
 * step of a sale. Nothing in it is ever changed; the last line of a sale is what it has come to.
 *
 *     started          R-100  38290 EUR  2025-03-01T17:20:03  http://127.0.0.1:8080/orders/5a1c...
 *     completed        R-100  38290 EUR  2025-03-01T17:24:41  http://127.0.0.1:8080/orders/5a1c...
 *     registered       R-100  38290 EUR  2025-03-01T17:24:42  http://127.0.0.1:8080/orders/5a1c...
 *
 * started: seQura has the order, nothing is sold yet. completed: seQura has confirmed it, the sale
 * stands. registered: seQura knows the ticket number too; only now may the goods go. Of what is
 * started, not all becomes a sale: refused, abandoned.
 *
 * After the sale the amount is what the shopper still owes. changing: a change is asked for, and what
 * came of it is not known here yet. Then registered (nothing has gone), partly_shipped, shipped,
 * partly_refunded, refunded, cancelled.
 *
 * A real till has a table for this. What matters is when it is written, see sale.cpp.
 */
#ifndef BOOK_HPP
#define BOOK_HPP

#include <stdexcept>
#include <string>
#include <vector>

/** The till's own trouble: a file that cannot be used. */
struct Stop : std::runtime_error {
    explicit Stop(const std::string &what) : std::runtime_error(what) {}
};

/** A sale as the book has it now. */
struct Sale {
    std::string state;
    std::string ticket; /**< the order_ref_1 that is seQura's, or is to be */
    std::string amount; /**< cents */
    std::string currency;
    std::string time;
    std::string url; /**< the order at seQura */

    /** Is something due for it? */
    bool is_open() const { return state == "started" || state == "completed" || state == "changing"; }
};

class Book {
public:
    explicit Book(const std::string &path) : path_(path) {}

    /** Adds a line and has it on the disk before it returns: only then may the sale go on. */
    void add(const Sale &sale);
    /** Every sale as it stands now, oldest first. A file that does not exist is an empty book. */
    std::vector<Sale> sales() const;

private:
    std::string path_;
};

/** The sale with this order URL, or this uuid at its end; null if there is none. */
const Sale *find(const std::vector<Sale> &sales, const std::string &url_or_uuid);

/** The last part of an order's URL. */
std::string uuid_of(const std::string &url);

#endif
