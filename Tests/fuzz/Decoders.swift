import Foundation

// Compiled by Tests/faults/fuzz.py into one program with the decoders it tries; see there.

/// What reads bytes of strangers. None may end the process, and what was read in pieces is what was read at once.
enum Target: String, CaseIterable {
    case multipart, csv, geojson, wkb, query, yaml, tokens, image

    static let chosen = ProcessInfo.processInfo.environment["WEIWANG_DECODER"].flatMap(Target.init(rawValue:)) ?? .csv

    func read(_ bytes: [UInt8]) {
        switch self {
        case .multipart: multipart(bytes)
        case .csv: csv(bytes)
        case .geojson: geojson(bytes)
        case .wkb: if let shape = try? WKB.shape(bytes) { demand((try? WKB.shape(WKB.bytes(of: shape))) != nil) }
        case .query: query(String(decoding: bytes, as: UTF8.self))
        case .yaml: _ = try? CatalogNode(yaml: String(decoding: bytes.prefix(4096), as: UTF8.self), file: "catalog/fuzz.yaml")
        case .tokens: tokens(String(decoding: bytes, as: UTF8.self))
        case .image: demand(PhotoHead.isPhoto(Array(bytes.prefix(16))) == PhotoHead.isPhoto(bytes) || bytes.count > 16)
        }
    }

    private func demand(_ holds: Bool) { if !holds { fatalError("\(self) does not hold") } }

    /// The first byte says how long the pieces are.
    private func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let (size, body) = (Int(bytes.first ?? 0) % 40 + 1, bytes.dropFirst())
        return stride(from: body.startIndex, to: body.endIndex, by: size).map { body[$0..<min($0 + size, body.endIndex)] }
    }

    private func multipart(_ bytes: [UInt8]) {
        func events(_ pieces: [ArraySlice<UInt8>]) -> [MultipartEvent]? {
            guard var reader = try? Multipart(contentType: "multipart/form-data; boundary=b") else { return nil }
            var all: [MultipartEvent] = []
            for piece in pieces {
                guard let more = try? reader.feed(piece) else { return nil }
                for event in more {
                    // Bytes come in pieces of any size.
                    if case .bytes(let new) = event, case .bytes(let old)? = all.last {
                        all[all.count - 1] = .bytes(old + new)
                    } else {
                        all.append(event)
                    }
                }
            }
            return reader.isComplete ? all : nil
        }
        if let whole = events([bytes.dropFirst()]) { demand(events(pieces(bytes)) == whole) }
        let text = String(decoding: bytes.prefix(300), as: UTF8.self)
        _ = HeaderValue(text)["boundary"]
        _ = try? Multipart(contentType: "multipart/form-data; boundary=" + text)
    }

    private func csv(_ bytes: [UInt8]) {
        func records(_ pieces: [ArraySlice<UInt8>]) -> [String] {
            var rest = pieces[...]
            var reader = CSVReader(longest: 4096) { rest.popFirst().map(Array.init) ?? [] }
            var all: [String] = []
            while let record = try? reader.next() { all.append("\(record.line) \(record.fields) \(String(describing: record.fault))") }
            return all
        }
        demand(records([bytes.dropFirst()].filter { !$0.isEmpty }) == records(pieces(bytes)))
    }

    private func geojson(_ bytes: [UInt8]) {
        guard let file = try? GeoJSON.file(Data(bytes)) else { return }
        for feature in file.features { if let shape = feature.shape { _ = GeoJSON.text(of: shape) } }
    }

    private func query(_ text: String) {
        let pairs = URLEncoded.pairs(text)
        demand(pairs.count <= 500)
        let again = URLEncoded.pairs(URLEncoded.encoded(pairs.map { ($0.name, $0.value) }))
        demand(again.map(\.name) == pairs.map(\.name) && again.map(\.value) == pairs.map(\.value))
    }

    private func tokens(_ text: String) {
        if let id = UUIDv7(text) { demand(UUIDv7(id.description) == id) }
        if let day = Day(text) { demand(Day(day.description) == day) }
        if let instant = Instant(iso: text, zone: .gmt) { demand(Instant(iso: instant.iso(in: .gmt), zone: .gmt) != nil) }
        if let words = JSONText.words(text) { demand(JSONText.words(text) == words) }
        var quoted: [UInt8] = []
        JSONText.quote(text, into: &quoted)
        demand((try? JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed)) is String)
        _ = HeaderValue(text).value
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func tryOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
