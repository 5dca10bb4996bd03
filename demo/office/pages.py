"""The office's pages as a person gets them: logged in through the form, read as text."""

import http.cookiejar
import re
import ssl
import urllib.parse
import urllib.request
from html.parser import HTMLParser

from telling import Otherwise

BLOCKS = {"h1", "h2", "p", "li", "pre", "dd"}
#: What is to be filled in, drawn, or is for those who know already.
LEFT_OUT = {"form", "details", "svg", "nav", "header", "style", "head", "script", "figure"}


class Text(HTMLParser):
    """What stands on a page, by its headings; of a list what is none is left out. Marks stand in brackets."""

    def __init__(self, html):
        super().__init__()
        self.parts, self.rows, self.line, self.skipped, self.cell, self.links = {"": []}, None, "", [], None, {}
        self.part, self.link, self.is_none, self.spans = "", None, False, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.append(tag)
        elif tag in LEFT_OUT:
            self.skipped.append(tag)
        elif tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""
        elif tag in BLOCKS:
            self.line, self.is_none = "", "none" in known.get("class", "").split()
        elif tag == "span":
            self.spans.append("badge" in known.get("class", "").split())
            self.handle_data("[" * self.spans[-1])
        elif tag == "a":
            self.link = [known.get("href"), ""]

    def handle_endtag(self, tag):
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
        elif tag in ("td", "th"):
            self.rows[-1].append(" ".join(self.cell.split()))
            self.cell = None
        elif tag == "table":
            self.put(*table(self.rows))
            self.rows = None
        elif tag in BLOCKS:
            text, self.line = " ".join(self.line.split()), ""
            if tag == "h2":
                self.part = text
                self.parts[text] = []
            elif text and not self.is_none and not text.startswith("←"):
                self.put(f"- {text}" if tag == "li" else text)
        elif tag == "span":
            self.handle_data("]" * self.spans.pop())
        elif tag == "a" and self.link:
            self.links[" ".join(self.link[1].split())] = self.link[0]
            self.link = None

    def handle_data(self, data):
        if self.skipped:
            return
        if self.link:
            self.link[1] += data
        if self.cell is not None:
            self.cell += data
        else:
            self.line += data

    def put(self, *lines):
        self.parts[self.part] += lines

    def shown(self, *headings):
        """Those parts, each below its heading; "": what comes before the first."""
        lines = []
        for heading in headings:
            if heading:
                lines += ["", heading]
            lines += [("  " + line if heading else line).rstrip() for line in self.parts.get(heading, ["(not on the page)"])]
        return "\n".join(lines)

    @property
    def whole(self):
        return self.shown(*self.parts)


def table(rows):
    wide = max(map(len, rows))
    widths = [max(len(row[at]) if at < len(row) else 0 for row in rows) for at in range(wide)]
    return ["   ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


class Visitor:
    """Somebody at a browser."""

    def __init__(self, url, certificate, name, password):
        self.url = url.rstrip("/")
        trusted = ssl.create_default_context(cafile=certificate)
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        form = self.html("/login?lang=en")
        token = re.search(r'name="csrf" value="([^"]*)"', form).group(1)
        fields = {"csrf": token, "next": "/", "name": name, "password": password}
        answer = self._ask("/login", urllib.parse.urlencode(fields).encode())
        if answer[0].endswith("/login"):
            raise Otherwise("the office lets nobody in")

    def _ask(self, path, body=None):
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url} if body else {})
        with self.opener.open(request, timeout=30) as answer:
            return answer.geturl(), answer.read().decode()

    def html(self, path):
        return self._ask(path)[1]

    def look(self, path):
        return Text(self.html(path + ("&" if "?" in path else "?") + "lang=en"))
