import Basics
import Posts
import Testing

@Suite struct TOTPTests {
    @Test("the vectors of RFC 6238, appendix B, SHA-1")
    func vectors() {
        let app = TOTP(secret: Array("12345678901234567890".utf8))
        for (seconds, code) in [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)] {
            let step = TOTP.step(at: Instant(milliseconds: seconds * 1000))
            #expect(app.code(at: step, digits: 8) == code)
            #expect(app.code(at: step) == code.suffix(6))
        }
    }

    @Test("the vectors of RFC 4648, section 10")
    func base32() {
        for (text, written) in [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
        ] {
            #expect(TOTP(secret: Array(text.utf8)).text == written)
        }
        #expect(TOTP.new().text.count == 32 && TOTP.new().text != TOTP.new().text)
    }

    @Test("ASVS-6.5.1 ASVS-6.5.5 a code holds one step either way, and once")
    func once() {
        let app = TOTP.new()
        let now = Instant(milliseconds: 1_800_000_000_000)
        let here = TOTP.step(at: now)
        for step in here - 1...here + 1 { #expect(app.step(of: app.code(at: step), at: now, after: 0) == step) }
        for step in [here - 2, here + 2, here + 1000] { #expect(app.step(of: app.code(at: step), at: now, after: 0) == nil) }
        #expect(app.step(of: app.code(at: here), at: now, after: here) == nil)
        #expect(app.step(of: app.code(at: here - 1), at: now, after: here) == nil, "nor one from before it")
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] { #expect(app.step(of: wrong, at: now, after: 0) == nil) }
    }

    @Test func address() {
        let app = TOTP(secret: Array("12345678901234567890".utf8))
        #expect(
            app.address(account: "li & co", issuer: "示范区")
                == "otpauth://totp/%E7%A4%BA%E8%8C%83%E5%8C%BA:li%20%26%20co?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E7%A4%BA%E8%8C%83%E5%8C%BA&algorithm=SHA1&digits=6&period=30"
        )
    }
}
