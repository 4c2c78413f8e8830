"""A department's clerk: signs in with one press, sees who else was called, answers with a photo; both sides rate."""


def walk(site):
    for language, phone in (("zh-CN", False), ("en-GB", True)):
        clerk = site.signed_in("department_clerk", phone=phone, language=language)
        kind = f"{'phone' if phone else 'desktop'} {language}"
        clerk.goto("/desk?tab=to_take")
        site.no_sideways(clerk)
        site.shot(clerk, f"department-{kind}")
        began = site.counted()
        site.tap(clerk.locator("form.quick button").first)
        clerk.locator(".toast").wait_for()
        site.within(f"sign in, {kind}", 1, 0, began)

        clerk.locator(".toast a").click()
        clerk.wait_for_url("**/desk/matters/*")
        assert clerk.locator(".wide-table tbody tr").count() >= 1, "who else was called is not shown"
        site.no_sideways(clerk)
        began = site.counted()
        site.tap(clerk.locator(".acts a.button:has(use[href$='i-send'])").first)
        clerk.locator("form.form").wait_for()
        site.shutter(clerk.locator("form.form input[name=photo]"), seed=300 if phone else 301)
        site.no_sideways(clerk)
        site.shot(clerk, f"department-answer-{kind}")
        site.tap(clerk.locator("form.form .button.main"))
        clerk.locator(".toast").wait_for()
        site.within(f"answer with a photo, {kind}", 3, 0, began)
        clerk.locator(".toast a").click()
        clerk.wait_for_url("**/desk/matters/*")
        assert clerk.locator(".minis img").count() >= 1, "the photo of the answer is not shown"

        began = site.counted()
        site.tap(clerk.locator(".wide-table tbody a[href*='/acts/']").first)
        clerk.locator("form.form").wait_for()
        site.tap(clerk.locator("input[name=rating]").nth(1))
        site.tap(clerk.locator("form.form .button.main"))
        clerk.locator(".toast").wait_for()
        site.within(f"rate the whistle, {kind}", 3, 0, began)
