"""A picture of a page, where there is a Chromium to make one."""

import shutil
import sys

from stage import ROOT

sys.path.insert(0, str(ROOT / "tests" / "browser"))
PLACE = ROOT / "target" / "pictures" / "demo-office.png"


def take(stage, visitor, name, password):
    """Where it is; None: there is no browser, or it did not get on."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        return None
    from browser import Browser
    browser = None
    try:
        PLACE.parent.mkdir(parents=True, exist_ok=True)
        browser = Browser(stage.folder / "chromium", "en", javascript=False, arguments=["--ignore-certificate-errors"])
        browser.go(visitor.url + "/login")
        browser.find("#name").type(name)
        browser.find("#password").type(password)
        browser.find("button.main").click()
        browser.eventually("the first page", lambda: browser.url == visitor.url + "/")
        browser.go(visitor.url + "/?lang=en")
        browser.picture(PLACE)
        return PLACE.relative_to(ROOT)
    except Exception:  # A picture less is no reason to stop.
        return None
    finally:
        if browser:
            browser.close()
