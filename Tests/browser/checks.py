"""What every page must hold, whoever's it is. A walk calls `checks.page(site, page, KIND)` on each page that it comes to.

PORTAL and FIELD are the stricter ones: 7 : 1 for text in the light theme, and less weight. Widths and sizes are the walk's own choice;
`checks.widths` looks at one address on narrow phones, at twice the size, in large type and in the dark.
"""
import gzip
import re
import time
import urllib.parse
from dataclasses import dataclass

WIDTHS = (390, 320)


@dataclass(frozen=True)
class Kind:
    name: str
    """Kilobytes compressed, without photos and without maps."""
    weight: int
    """Least contrast of text and of the words on buttons in the light theme; 4.5 in the dark, 3 for large type there."""
    contrast: float
    """Least height or width of what is pressed, in pixels."""
    target: int


PORTAL = Kind("portal", 60, 7, 44)
FIELD = Kind("field", 60, 7, 48)
DESK = Kind("desk", 150, 4.5, 24)

# Text against what lies behind it, as painted: every text node with its colour, the backgrounds below it blended together.
CONTRAST = """
(least) => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    const [r, g, b] = text.startsWith("color(") ? numbers.slice(0, 3).map((n) => n * 255) : numbers;
    return [r, g, b, numbers.length > 3 ? numbers[3] : 1];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + .05) / (y + .05); };
  const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 22, 27, 1] : [255, 255, 255, 1];
  const behind = (element) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) chain.push(colour);
      if (colour[3] >= 1) break;
    }
    return chain.reduceRight((below, colour) => over(colour, below), canvas);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (!text || element.closest("svg, script, style, template, .only-read, option") || !element.checkVisibility({ opacityProperty: true })) continue;
    // White on a photo's own dark band is measured against the band.
    const style = getComputedStyle(element), back = behind(element), got = ratio(over(parse(style.color), back), back);
    if (got < least - .05) found.push(`${got.toFixed(1)} "${text.slice(0, 20)}" ${style.color}`);
  }
  return [...new Set(found)].slice(0, 6);
}
"""

# What is pressed: a link inside a sentence is exempt (WCAG 2.5.8), anything else is as large as a finger.
TARGETS = """
(least) => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((element) => {
  if (element.closest(".only-read, template") || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.tabIndex < 0) return false;
  const box = element.getBoundingClientRect();
  if (!box.width || !box.height) return false;
  // A title that leads for its whole row is as high as the row.
  const wide = element.labels && element.labels[0] || element.classList.contains("over") && element.closest("li, tr, article");
  const label = wide ? wide.getBoundingClientRect() : box;
  const inSentence = element.tagName === "A" && getComputedStyle(element).display === "inline" && element.closest("p, figcaption, dd, li")
    && [...element.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return !inSentence && Math.max(box.height, label.height) < least - .5;
}).map((element) => `${Math.round(element.getBoundingClientRect().height)} px <${element.tagName.toLowerCase()} ${element.name || element.className || ""}> ${(element.innerText || element.value || "").trim().slice(0, 20)}`).slice(0, 6)
"""

# Names for what is pressed, filled in and seen; one first heading and no level left out; a language; nothing untranslated.
WORDS = """
() => {
  const bad = [];
  const named = (element) => (element.labels && element.labels.length ? [...element.labels].map((l) => l.innerText).join("") : "")
    || element.getAttribute("aria-label") || element.innerText || element.value && element.type === "submit" || element.alt || element.title || "";
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")) {
    if (element.closest("template, [aria-hidden=true]") || !element.checkVisibility()) continue;
    if (!named(element).trim() && !element.querySelector("img[alt]:not([alt='']), svg [id], svg title, svg[aria-label]")) bad.push(`no name: <${element.tagName.toLowerCase()} ${element.name || element.className}>`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) bad.push(`no alt: ${image.src}`);
  for (const svg of document.querySelectorAll("svg:not([aria-hidden=true])")) if (!svg.querySelector("title") && !svg.getAttribute("aria-label") && !svg.closest("[aria-hidden=true]")) bad.push("a picture without a name");
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) bad.push(`${levels.filter((level) => level === 1).length} first headings`);
  levels.reduce((before, level) => { if (level > before + 1) bad.push(`a heading ${level} under ${before}`); return level; }, 0);
  if (!document.documentElement.lang || !document.title) bad.push("no language or title");
  if (!document.querySelector("main")) bad.push("no main");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size < ids.length) bad.push("an id twice");
  const text = document.body.innerText;
  if (/⟦|\\{\\w+\\}|undefined|\\bnull\\b/.test(text)) bad.push("a sentence that was not filled");
  const raw = text.match(/\\b(?:refusal|report|progress|portal|web|step|card|photo|notice)\\.[a-z_]+(?:\\.[a-z_]+)*\\b/);
  if (raw) bad.push(`a key in place of its sentence: ${raw[0]}`);
  return bad.slice(0, 6);
}
"""


def page(site, at, kind, *, weigh=True):
    """One page as it stands now: width, contrast, sizes, names; and what it weighs and how long it takes."""
    wrong = findings(site, at, kind, weigh=weigh)
    assert not wrong, f"{at.url}: " + "; ".join(wrong)


def findings(site, at, kind, *, weigh=True):
    """What is wrong with the page, in words."""
    dark = at.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    wrong = [f"{wide} px wider than the screen" for wide in
             [at.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")] if wide > 0]
    wrong += ["contrast " + one for one in at.evaluate(CONTRAST, 4.5 if dark else kind.contrast)]
    wrong += ["too small: " + one for one in at.evaluate(TARGETS, kind.target)]
    wrong += at.evaluate(WORDS)
    if weigh:
        weight, slow = weight_and_time(at)
        site.weighed.append((at.url, weight, slow))
        if weight > kind.weight * 1024:
            wrong.append(f"{weight / 1024:.1f} KB, may weigh {kind.weight}")
    return wrong


def weight_and_time(at):
    """Bytes compressed of the page and all that it loads by itself, and the milliseconds of its own answer at best."""
    # The best of some: what else this machine does at the moment is not the page's.
    took, whole, answer = best_of(at, at.url, 6), 0, at.request.get(at.url)
    # A plan drawn into the page is a map too.
    whole += len(gzip.compress(re.sub(rb'<svg[^>]*viewBox="0 0 \d{3} \d{3}".*?</svg>', b"", answer.body(), flags=re.DOTALL)))
    loaded = at.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    for address in sorted(set(loaded)):
        path = urllib.parse.urlsplit(address).path
        # Photos and maps do not count; what is asked for after a tap is not the page's.
        if address.startswith(("blob:", "data:")) or "/photos/" in path or "/drafts/" in path or path == "/map.svg" or path.endswith("/nearby"):
            continue
        whole += len(gzip.compress(at.request.get(address).body()))
    return whole, took


def widths(site, address, kind, **more):
    """The same address at 390 and 320 pixels, at 200 % (half of 390), in large type, in the dark, in both languages."""
    wrong = {}
    for language in ("zh-CN", "en-GB"):
        for scheme in ("light", "dark"):
            at = site.page(language=language, color_scheme=scheme, **more)
            for width, large in ((390, False), (390, True), (320, False), (320, True), (195, False)):
                at.set_viewport_size({"width": width, "height": 844})
                mark = "&" if "?" in address else "?"
                at.goto(f"{address}{mark}type={'large' if large else 'normal'}")
                for one in findings(site, at, kind, weigh=width == 390 and not large and scheme == "light"):
                    wrong.setdefault(one, f"{width} px, {language}, {scheme}{', large' if large else ''}")
            at.context.close()
    assert not wrong, address + ": " + "; ".join(f"{one} ({where})" for one, where in wrong.items())


def table(site):
    """What the pages weigh and how long the server takes at best, printed."""
    best = {}
    for url, weight, took in site.weighed:
        path = urllib.parse.urlsplit(url).path
        before = best.get(path, (0, took))
        best[path] = (max(weight, before[0]), min(took, before[1]))
    for path, (weight, took) in sorted(best.items()):
        print(f"    {path[:48]:48} {weight / 1024:6.1f} KB {took:5.0f} ms")


def quick(site, but=None):
    """Each page within 50 ms (except where its address ends with `but`), beyond what this machine needs at the moment to hand out a file that lies ready."""
    at = site.page()
    at.goto("/find")
    ready = at.evaluate("document.querySelector('link[rel=stylesheet]').href")
    floor = best_of(at, ready)
    print(f"    a file that lies ready: {floor:.0f} ms")
    # Whatever seemed slow is asked once more: other work of this machine comes and goes, a slow page stays slow.
    suspects = {url for url, _, took in site.weighed if took - floor > 50 and not (but and urllib.parse.urlsplit(url).path.endswith(but))}
    slow = [f"{url} {took:.0f} ms" for url in sorted(suspects) for took in [best_of(at, url, 25)] if took - floor > 50]
    assert not slow, "slow: " + "; ".join(slow)


def best_of(at, url, times=9):
    """Milliseconds of the quickest of some answers."""
    spent = []
    for _ in range(times):
        began = time.monotonic()
        at.request.get(url)
        spent.append((time.monotonic() - began) * 1000)
    return min(spent)
