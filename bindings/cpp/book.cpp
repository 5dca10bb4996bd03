// The till's own database; see book.hpp.
//
// To have a line on the disk takes one call of the system, which the streams of C++ do not reach.
#include "book.hpp"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <sstream>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace {

bool to_disk(std::FILE *file)
{
    if (std::fflush(file) != 0)
        return false;
#ifdef _WIN32
    return _commit(_fileno(file)) == 0;
#else
    return fsync(fileno(file)) == 0;
#endif
}

// A till that lost its power in the middle of a line leaves half a line. It must not run into the next
// one: the half line then stands alone, and is passed over when the book is read.
bool ends_in_half_a_line(const std::string &path)
{
    std::ifstream book(path.c_str(), std::ios::binary);
    return book.seekg(-1, std::ios::end) && book.get() != '\n';
}

std::string now()
{
    const std::time_t seconds = std::time(NULL);
    char text[40] = "-";
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", std::localtime(&seconds));
    return text;
}

}

void Book::add(const Sale &sale)
{
    std::ostringstream line;
    line << (ends_in_half_a_line(path_) ? "\n" : "") << std::left << std::setw(15) << sale.state << "  " << sale.ticket
         << "  " << sale.amount << ' ' << sale.currency << "  " << now() << "  " << sale.url << '\n';
    const std::string text = line.str();

    std::FILE *const book = std::fopen(path_.c_str(), "ab");
    const bool written = book && std::fwrite(text.data(), 1, text.size(), book) == text.size() && to_disk(book);
    if ((book && std::fclose(book) != 0) || !written)
        throw Stop("cannot write " + path_);
}

std::vector<Sale> Book::sales() const
{
    std::vector<Sale> sales;
    errno = 0;
    std::ifstream book(path_.c_str(), std::ios::binary);
    if (!book) {
        if (errno != ENOENT)
            throw Stop("cannot read " + path_);
        return sales;
    }
    std::string line;
    while (std::getline(book, line) && !book.eof()) { // a last line without its end is half a line
        std::istringstream words(line);
        Sale sale;
        if (!(words >> sale.state >> sale.ticket >> sale.amount >> sale.currency >> sale.time >> sale.url))
            continue;
        Sale *const known = const_cast<Sale *>(find(sales, sale.url));
        if (known)
            *known = sale;
        else
            sales.push_back(sale);
    }
    if (book.bad())
        throw Stop("cannot read " + path_);
    return sales;
}

std::string uuid_of(const std::string &url)
{
    const std::string::size_type slash = url.rfind('/');
    return slash == std::string::npos ? url : url.substr(slash + 1);
}

const Sale *find(const std::vector<Sale> &sales, const std::string &url_or_uuid)
{
    // A whole URL must be the same whole URL: a uuid on somebody else's host is another order.
    const bool is_url = url_or_uuid.find('/') != std::string::npos;
    for (std::vector<Sale>::const_iterator sale = sales.begin(); sale != sales.end(); ++sale)
        if ((is_url ? sale->url : uuid_of(sale->url)) == url_or_uuid)
            return &*sale;
    return NULL;
}
