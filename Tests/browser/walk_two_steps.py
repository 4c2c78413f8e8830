"""Two steps at sign-in, on a phone and in both languages: an app is set up, its code and a recovery code are taken, and it is put down."""
import base64
import hashlib
import hmac
import struct
import time

import checks

ROLE = "auditor"


def walk(site):
    for language, scheme in (("zh-CN", "light"), ("en-GB", "dark")):
        once(site, language, scheme)
        journal(site, language, scheme)
    # A wrong code is answered with 403, which the browser notes.
    site.complaints = [complaint for complaint in site.complaints if "403" not in complaint]


def once(site, language, scheme):
    name, password = site.sign_ins[ROLE]
    at = site.signed_in(ROLE, language=language, color_scheme=scheme)
    look(site, at, f"me-{language}")
    at.locator("section", has=at.locator("form[action='/me/account/app']")).first.locator("summary").first.click()
    at.fill("form[action='/me/account/app'] input[name=password]", password)
    at.click("form[action='/me/account/app'] button")
    look(site, at, f"app-{language}")
    secret = at.locator(".secret code").inner_text().replace(" ", "")
    assert f"secret={secret}&" in at.locator("a[href^='otpauth:']").get_attribute("href")
    at.fill("#code", "000000")
    at.click("form[action='/sign-in/app'] button")
    assert at.locator("[role=alert]").is_visible() and at.locator(".secret code").inner_text().replace(" ", "") == secret
    at.uncheck("input[name=trust]")
    at.fill("#code", code(secret))
    at.click("form[action='/sign-in/app'] button")
    at.wait_for_selector(".codes")
    used = step()
    codes = at.locator(".codes code").all_inner_texts()
    assert len(codes) == 10, codes
    look(site, at, f"codes-{language}")
    at.click("main a.button.main")
    at.wait_for_url("**/me")

    # Once more from the door: the password, then the next code; the device is trusted from now on.
    leave(at)
    began = site.counted()
    knock(site, at, name, password)
    assert at.url.endswith("/sign-in/code"), at.url
    look(site, at, f"code-{language}")
    # The code of the setting up is taken, and five wrong ones would shut the way: the next comes within half a minute.
    while step() == used:
        time.sleep(0.2)
    at.fill("#code", code(secret))
    at.click("form[action='/sign-in/code'] button")
    at.wait_for_load_state()
    assert "/sign-in" not in at.url, "the next code was not taken"
    site.typed += 1
    site.taps += 1
    site.within("sign in with a code", taps=2, typed=3, began=began)
    leave(at)
    knock(site, at, name, password)
    assert "/sign-in" not in at.url, "a trusted device is asked for no code"

    # Elsewhere, without the phone.
    other = site.page(language=language)
    knock(site, other, name, password)
    other.fill("#code", codes[4])
    other.click("form[action='/sign-in/code'] button")
    other.wait_for_load_state()
    assert "/sign-in" not in other.url
    other.goto("/me?lang=" + ("en" if language.startswith("en") else "zh-Hans"))
    look(site, other, f"me-with-{language}")
    other.locator("section", has=other.locator("form[action='/me/account/remove_app']")).first.locator("summary").nth(1).click()
    other.fill("form[action='/me/account/remove_app'] input[name=password]", password)
    other.click("form[action='/me/account/remove_app'] button")
    other.wait_for_url("**did=remove_app")
    site.sessions.pop(ROLE, None)


def journal(site, language, scheme):
    """The auditor's page, on a desk and on a phone: what was done just now stands in it, and is taken along as it is shown."""
    for phone in (False, True):
        at = site.signed_in(ROLE, phone=phone, language=language, color_scheme=scheme)
        at.goto("/admin")
        assert at.url.endswith("/admin/journal"), at.url
        look(site, at, f"journal-{'phone' if phone else 'desk'}-{language}")
        at.select_option("#sort", "sign_ins")
        at.click("form[action='/admin/journal'] button")
        assert at.locator(".journal li").count() > 0
        with at.expect_download() as told:
            at.click("a[download]")
        assert open(told.value.path(), encoding="utf-8-sig").read().count("\n") > at.locator(".journal li").count()
        at.context.close()


def knock(site, at, name, password):
    at.goto("/sign-in")
    site.type(at.locator("#name"), name)
    site.type(at.locator("#password"), password)
    site.tap(at.locator("main form[action='/sign-in'] button"))
    at.wait_for_load_state()


def leave(at):
    at.goto("/me")
    at.click("form[action='/sign-out'] button")
    at.wait_for_load_state()


def look(site, at, name):
    site.no_sideways(at)
    wrong = checks.findings(site, at, checks.DESK)
    assert not wrong, f"{at.url}: {wrong}"
    site.shot(at, f"two-steps-{name}", whole=True)


def step():
    return int(time.time()) // 30


def code(secret):
    """RFC 6238 once more, in another language than the server's."""
    counter = struct.pack(">Q", step())
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
