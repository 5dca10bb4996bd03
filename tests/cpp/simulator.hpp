// The control interface of the simulated seQura, for own_tests.cpp: one request a connection.
#ifndef SIMULATOR_HPP
#define SIMULATOR_HPP

#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

// "http://127.0.0.1:8080"
inline std::string simulator()
{
    const char *const url = std::getenv("SEQURA_SIMULATOR_URL");
    if (!url)
        throw std::runtime_error("SEQURA_SIMULATOR_URL says where the simulated seQura is");
    return url;
}

// What it answers, without the head.
inline std::string control(const std::string &method, const std::string &path)
{
    const std::string url = simulator();
    sockaddr_in address = sockaddr_in();
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.1");
    address.sin_port = htons(static_cast<unsigned short>(std::atoi(url.c_str() + url.rfind(':') + 1)));
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    const std::string request = method + " /_sandbox/" + path
                                + " HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    std::string answer;
    if (connect(connection, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0
        && write(connection, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
        char piece[4096];
        for (ssize_t bytes; (bytes = read(connection, piece, sizeof piece)) > 0;)
            answer.append(piece, static_cast<std::size_t>(bytes));
    }
    close(connection);
    const std::string::size_type end = answer.find("\r\n\r\n");
    if (end == std::string::npos || answer.find(" 20") > 10)
        throw std::runtime_error(path + ": " + answer);
    return answer.substr(end + 4);
}

// The shopper is approved.
inline void approve(const std::string &uuid)
{
    control("POST", "orders/" + uuid + "/approve");
}

#endif
