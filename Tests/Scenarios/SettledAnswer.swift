import Foundation
import Glibc
import Support
import Web

extension WebClient.Answer {
    /// Without what is new in every answer: fresh ids and tokens, and what was asked for itself.
    ///
    /// NB: byte by byte; thousands of pages are compared, and a regex over each takes minutes.
    func settled(_ asked: [String] = []) -> [UInt8] {
        let to = location.replacing(#/[A-Za-z0-9_-]{20,}/#, with: "#")
        var bytes = Array("\(status) \(to)\n".utf8) + (body.starts(with: Array("PK".utf8)) ? Self.sheets(body) : body)
        for value in asked where value.count > 2 {
            let percent = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value
            let escaped = value.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
            for form in [value, percent, URLEncoded.encoded(value), escaped] { bytes = Self.without(Array(form.utf8), in: bytes) }
        }
        return bytes.withUnsafeBufferPointer { Self.settled($0, isRefused: status >= 400) }
    }

    /// Name and checksum of each file of a workbook but the one that says when it was made.
    private static func sheets(_ zip: [UInt8]) -> [UInt8] {
        var (lines, at) = (["files"], 0)
        func number(_ place: Int, _ bytes: Int) -> Int { (0..<bytes).reduce(0) { $0 | Int(zip[place + $1]) << (8 * $1) } }
        while at + 46 <= zip.count {
            guard zip[at] == 0x50, zip[at + 1] == 0x4B, zip[at + 2] == 1, zip[at + 3] == 2 else {
                at += 1
                continue
            }
            let name = String(decoding: zip[(at + 46)..<min(zip.count, at + 46 + number(at + 28, 2))], as: UTF8.self)
            if name != "docProps/core.xml" { lines.append("\(name) \(number(at + 16, 4))") }
            at += 46
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func without(_ form: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var found: [UInt8] = []
        bytes.withUnsafeBytes { all in
            guard let start = all.baseAddress else { return }
            found.reserveCapacity(all.count)
            var (kept, at) = (0, 0)
            while at + form.count <= all.count, let hit = memchr(start + at, Int32(form[0]), all.count - form.count - at + 1) {
                at = UnsafeRawPointer(hit) - start
                guard memcmp(hit, form, form.count) == 0 else {
                    at += 1
                    continue
                }
                found += all[kept..<at]
                found.append(0x2A)
                at += form.count
                kept = at
            }
            found += all[kept...]
        }
        return found
    }

    /// Ids, digests, tokens and codes as one sign each.
    private static func settled(_ bytes: UnsafeBufferPointer<UInt8>, isRefused: Bool) -> [UInt8] {
        var (settled, at) = ([UInt8](), 0)
        settled.reserveCapacity(bytes.count)
        let code = Array("code=".utf8)
        while at < bytes.count {
            let end = run(bytes, at) { isWord($0) || $0 == 0x2D || $0 == 0x5F }
            guard end > at else {
                settled.append(bytes[at])
                at += 1
                continue
            }
            if end - at >= 40 || (end - at == 6 && settled.suffix(5).elementsEqual(code)) {
                settled.append(0x23)
            } else {
                word(bytes, at, end, isRefused, &settled)
            }
            at = end
        }
        return settled
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ isRefused: Bool, _ settled: inout [UInt8]) {
        var at = start
        while at < end {
            let hex = run(bytes, at) { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            if hex - at >= 16 {
                settled.append(0x23)
                at = hex
            } else if hex - at == 8, at + 36 <= end, [8, 13, 18, 23].allSatisfy({ bytes[at + $0] == 0x2D }), bytes[at + 14] == 0x37 {
                settled.append(0x23)
                at += 36
            } else {
                let word = max(run(bytes, at, isWord), at + 1)
                // The number of a refusal, to be said on the phone.
                if isRefused, (2...12).contains(word - at) { settled.append(0x7E) } else { settled += bytes[at..<word] }
                at = word
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Where the run of such bytes that begins here ends.
    private static func run(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ fits: (UInt8) -> Bool) -> Int {
        var at = start
        while at < bytes.count, fits(bytes[at]) { at += 1 }
        return at
    }
}
