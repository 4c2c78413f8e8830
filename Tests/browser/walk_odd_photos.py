"""What cameras, albums and strange browsers hand in for a photo: each is taken, or refused in words; the report never fails for it."""
import os
import subprocess


def walk(site):
    """A resident whose phone is unlike ours."""
    heic = os.path.join(site.scratch, "photo.heic")
    subprocess.run(["vips", "copy", site.photo(seed=31), heic], check=True)
    broken = os.path.join(site.scratch, "broken.jpg")
    with open(broken, "wb") as file:
        file.write(b"\xff\xd8\xff\xe0 this is where a photo would be")
    huge = os.path.join(site.scratch, "huge.jpg")
    with open(huge, "wb") as file:
        file.write(b"\xff\xd8\xff" + os.urandom(1 << 20) * 30)
    large = os.path.join(site.scratch, "large.png")
    if not os.path.exists(large):
        subprocess.run(["vips", "gaussnoise", large, "4000", "3000", "--mean", "128", "--sigma", "60"], check=True)

    at = begin(site)
    choose(at, heic)
    send(at)
    arrived(site, at, 1)

    at = begin(site)
    choose(at, large)  # some 12 MB: the phone makes it small first
    assert at.locator(".shots img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") <= 2048
    send(at)
    arrived(site, at, 1)

    at = begin(site)
    choose(at, broken)
    send(at)
    at.locator(".say.bad", has_text="不是能看的照片").wait_for()
    at.locator(".say.bad input[name=photo]").set_input_files(site.photo(seed=32))
    at.locator(".say.bad button").click()
    at.wait_for_url("**/r/*")
    assert at.locator(".pair img").count() == 1, "another photo did not take its place"

    at = begin(site)
    at.locator("input[name=photo]").first.set_input_files(huge)
    said = at.locator("[data-said]", has_text="超过 25 MB")
    said.wait_for()
    assert at.locator(".shots figure.photo").count() == 0
    at.locator("#words").fill("照片太大了")
    send(at)

    # 422 is what the server answers to a file that is no photo.
    site.complaints = [complaint for complaint in site.complaints if "422" not in complaint]

    # A private window keeps nothing: then the photo goes with the form.
    at = begin(site, "indexedDB.open = () => { throw new Error('private'); };")
    choose(at, site.photo(seed=33))
    assert at.locator("[data-kept]").is_hidden(), "it says that the photo is kept"
    send(at)
    assert at.locator("[data-state]").count() == 0, "it waits for a photo that came along"


def begin(site, script=None):
    at = site.page(place=site.place_of("micro_leader"))
    if script:
        at.add_init_script(script)
    at.goto("/report")
    at.locator(".shots.live").wait_for()
    return at


def choose(at, path):
    at.locator("input[name=photo]").first.set_input_files(path)
    at.locator(".shots figure.photo").first.wait_for(timeout=30_000)
    at.locator("#where input[name=placed][value=phone]").wait_for(state="attached")


def send(at):
    at.locator(".foot [data-send]").click()
    at.wait_for_url("**/receipt*")


def arrived(site, at, photos):
    at.locator(".say.warn").wait_for(state="detached", timeout=30_000)
    at.goto(at.url.split("/receipt")[0])
    assert at.locator(".pair img").count() == photos
    assert at.locator(".pair img").first.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
