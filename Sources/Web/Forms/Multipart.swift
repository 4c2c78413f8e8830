/// What a multipart reader finds, in order: a part's head, its bytes in pieces, its end.
package enum MultipartEvent: Equatable, Sendable {
    case part(name: String, filename: String?, type: String)
    case bytes([UInt8])
    case end
}

/// A streaming reader of `multipart/form-data` (RFC 7578, RFC 2046 §5.1). Feed it pieces of any size; it never holds more than a
/// head or a delimiter. File names are handed on as text and must not be used as names of anything.
package struct Multipart {
    package enum Problem: Error, Equatable { case noBoundary, headTooLong, tooManyParts, malformed }

    private enum State { case preamble, afterDelimiter, head, body, done }

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var held: [UInt8]
    private var parts = 0
    private let maxParts: Int
    private static let maxHead = 8 * 1024

    /// - Parameter contentType: the request's whole `Content-Type` value.
    package init(contentType: String, maxParts: Int = 64) throws(Problem) {
        let parameters = HeaderValue(contentType)
        guard parameters.value == "multipart/form-data", let boundary = parameters["boundary"],
            (1...70).contains(boundary.utf8.count)
        else { throw .noBoundary }
        delimiter = Array("\r\n--\(boundary)".utf8)
        held = [13, 10]  // the first delimiter may stand at the very beginning
        self.maxParts = maxParts
    }

    package var isComplete: Bool { state == .done }

    /// Reads the next piece and returns what it completed.
    package mutating func feed(_ piece: some Sequence<UInt8>) throws(Problem) -> [MultipartEvent] {
        held.append(contentsOf: piece)
        var events: [MultipartEvent] = []
        while try step(&events) {}
        return events
    }

    /// Does one thing; false when more bytes are needed.
    private mutating func step(_ events: inout [MultipartEvent]) throws(Problem) -> Bool {
        switch state {
        case .preamble:
            guard let place = find(delimiter) else {
                held.removeFirst(max(0, held.count - delimiter.count + 1))
                return false
            }
            held.removeFirst(place + delimiter.count)
            state = .afterDelimiter
        case .afterDelimiter:
            guard held.count >= 2 else { return false }
            if held[0] == UInt8(ascii: "-"), held[1] == UInt8(ascii: "-") {
                held = []
                state = .done
                return false
            }
            // RFC 2046 allows blanks before the line end.
            guard let end = find([13, 10]) else {
                if held.count > 256 { throw .malformed }
                return false
            }
            guard held[..<end].allSatisfy({ $0 == 32 || $0 == 9 }) else { throw .malformed }
            held.removeFirst(end)  // the line end stays: an empty head is `\r\n\r\n` too
            state = .head
        case .head:
            guard let end = find([13, 10, 13, 10]) else {
                if held.count > Self.maxHead { throw .headTooLong }
                return false
            }
            guard end <= Self.maxHead else { throw .headTooLong }
            parts += 1
            guard parts <= maxParts else { throw .tooManyParts }
            events.append(try head(String(decoding: held[..<end], as: UTF8.self)))
            held.removeFirst(end + 4)
            state = .body
        case .body:
            if let place = find(delimiter) {
                if place > 0 { events.append(.bytes(Array(held[..<place]))) }
                events.append(.end)
                held.removeFirst(place + delimiter.count)
                state = .afterDelimiter
            } else {
                let safe = held.count - delimiter.count + 1
                guard safe > 0 else { return false }
                events.append(.bytes(Array(held[..<safe])))
                held.removeFirst(safe)
                return false
            }
        case .done:
            held = []  // an epilogue is read over
            return false
        }
        return true
    }

    private func head(_ text: String) throws(Problem) -> MultipartEvent {
        var disposition: HeaderValue?
        var type = "text/plain"
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed }
            let value = String(line[line.index(after: colon)...])
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = HeaderValue(value)
            case "content-type": type = HeaderValue(value).value
            default: break
            }
        }
        guard let disposition, disposition.value == "form-data", let name = disposition["name"] else { throw .malformed }
        return .part(name: name, filename: disposition["filename"], type: type)
    }

    private func find(_ needle: [UInt8]) -> Int? {
        guard held.count >= needle.count else { return nil }
        return held.withUnsafeBufferPointer { bytes in
            let last = bytes.count - needle.count
            var at = 0
            while at <= last {
                if bytes[at] == needle[0] {
                    var same = 1
                    while same < needle.count, bytes[at + same] == needle[same] { same += 1 }
                    if same == needle.count { return at }
                }
                at += 1
            }
            return nil
        }
    }
}
