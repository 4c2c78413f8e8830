import Basics
import Geo
import Testing
@testable import Web

@Suite struct MultipartReader {
    static let body: [UInt8] = {
        let text =
            "preamble\r\n--x-Y\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\n井盖\r\n--x-Y not a delimiter\r\n"
            + "--x-Y\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../../etc/passwd\"\r\nContent-Type: image/jpeg\r\n\r\n"
        return Array(text.utf8) + [0xFF, 0xD8, 13, 10, 45, 45, 120, 0] + Array("\r\n--x-Y--\r\nepilogue".utf8)
    }()

    static func joined(_ events: [MultipartEvent]) -> [MultipartEvent] {
        var result: [MultipartEvent] = []
        for event in events {
            if case .bytes(let more) = event, case .bytes(let before)? = result.last {
                result[result.count - 1] = .bytes(before + more)
            } else {
                result.append(event)
            }
        }
        return result
    }

    @Test("a delimiter that only looks like one is refused")
    func strictDelimiter() throws {
        var reader = try Multipart(contentType: "multipart/form-data; boundary=x-Y")
        #expect(throws: Multipart.Problem.malformed) { try reader.feed(Self.body) }
    }

    @Test("every split of the body into two pieces reads the same")
    func everySplit() throws {
        let sound = Self.sound
        let whole = try Self.read([sound])
        #expect(whole == Self.expectedSound)
        for cut in 0...sound.count {
            #expect(try Self.read([Array(sound[..<cut]), Array(sound[cut...])]) == Self.expectedSound, "cut at \(cut)")
        }
        #expect(try Self.read(sound.map { [$0] }) == Self.expectedSound)
    }

    static let sound: [UInt8] =
        Array(
            "preamble\r\n--x-Y \r\nContent-Disposition: form-data; name=\"words\"\r\n\r\n井盖\r\n--x-\r\n-\r\n--x-Y\r\nContent-Type: image/jpeg\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../../a\\\"b.jpg\"\r\n\r\n"
                .utf8)
        + [0xFF, 0xD8, 13, 10, 45, 45, 120, 0]
        + Array("\r\n--x-Y\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--x-Y--\r\nepilogue".utf8)

    static let expectedSound: [MultipartEvent] = [
        .part(name: "words", filename: nil, type: "text/plain"), .bytes(Array("井盖\r\n--x-\r\n-".utf8)), .end,
        .part(name: "photo", filename: "../../a\"b.jpg", type: "image/jpeg"), .bytes([0xFF, 0xD8, 13, 10, 45, 45, 120, 0]), .end,
        .part(name: "none", filename: "", type: "text/plain"), .end,
    ]

    static func read(_ pieces: [[UInt8]]) throws -> [MultipartEvent] {
        var reader = try Multipart(contentType: "multipart/form-data; boundary=\"x-Y\"")
        var events: [MultipartEvent] = []
        for piece in pieces { events += try reader.feed(piece) }
        #expect(reader.isComplete)
        return joined(events)
    }

    @Test("a body that ends early is not complete; a head without end is refused")
    func torn() throws {
        var reader = try Multipart(contentType: "multipart/form-data; boundary=x-Y")
        _ = try reader.feed(Self.sound.dropLast(30))
        #expect(!reader.isComplete)
        var endless = try Multipart(contentType: "multipart/form-data; boundary=x")
        _ = try endless.feed(Array("--x\r\n".utf8))
        #expect(throws: Multipart.Problem.headTooLong) { try endless.feed([UInt8](repeating: 65, count: 9000)) }
        #expect(throws: Multipart.Problem.noBoundary) { try Multipart(contentType: "multipart/form-data") }
        #expect(throws: Multipart.Problem.noBoundary) {
            try Multipart(contentType: "multipart/form-data; boundary=\(String(repeating: "b", count: 71))")
        }
    }
}

@Suite struct SmallThings {
    @Test func urlEncodedForms() {
        let pairs = URLEncoded.pairs("a=1&b=%E4%BA%95+%E7%9B%96&c&=x&d=%zz&e=a%3Db")
        #expect(pairs.map(\.name) == ["a", "b", "c", "", "d", "e"])
        #expect(pairs.map(\.value) == ["1", "井 盖", "", "x", "%zz", "a=b"])
        #expect(URLEncoded.encoded([("q", "a&b=井")]) == "q=a%26b%3D%E4%BA%95")
    }

    @Test func bucketsRefillAndStayBounded() {
        let buckets = Buckets(size: 3, refill: .seconds(3), most: 100)
        var now = Instant(milliseconds: 0)
        #expect((0..<4).map { _ in buckets.take("a", at: now) } == [true, true, true, false])
        now = now + .seconds(1)
        #expect(buckets.take("a", at: now))
        #expect(!buckets.take("a", at: now))
        for index in 0..<1000 { _ = buckets.take("k\(index)", at: now) }
        #expect(buckets.count <= 100)
    }

    @Test("only our own paths are followed after the sign-in")
    func safeDestinations() {
        for wrong in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x"] {
            #expect(SignInPage.safe(wrong) == nil, "\(wrong)")
        }
        #expect(SignInPage.safe("/desk?tab=late") == "/desk?tab=late")
    }

    @Test func aTapIsAPlaceAgain() {
        let frame = MapFrame(center: .init(lon: 113.62, lat: 34.75), zoom: 3)
        let place = frame.place(x: 100, y: 200)
        let back = frame.pixel(place)
        #expect(abs(back.x - 100) < 0.01 && abs(back.y - 200) < 0.01)
        #expect(MapFrame(frame.text) == frame)
        #expect(MapFrame("1,2") == nil && MapFrame("999,0,1") == nil && MapFrame("nan,0,1") == nil)
    }
}
