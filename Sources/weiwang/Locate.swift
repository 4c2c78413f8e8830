import ArgumentParser
import Basics
import Foundation
import Geo
import Grids

/// `weiwang locate`: `lon,lat` lines in, one line of codes out for each, from the top grid down to the deepest.
struct Locate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the grids of points: lon,lat lines in, codes out.",
        discussion: "An empty line means outside of every grid, or a line that is no point; the numbers of those go to standard error.")

    @Option(help: "By the net of this day (2026-11-21); today without it.") var on: String?
    @OptionGroup var data: DataOptions

    func validate() throws {
        if let on, Day(on) == nil { throw ValidationError("--on is a day like 2026-11-21") }
    }

    func run() async throws {
        let day = try await Engines.with(data.place(), readOnly: true) { engines in engines.grids.land.on(on.flatMap { Day($0) }) }
        var lines = LocateLines(day)
        var input = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = input.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            lines.take(input[0..<count])
            try lines.flush()
        }
        lines.end()
        try lines.flush()
    }
}

/// Turns lines into answers as they come; what is left of a line waits for the rest.
struct LocateLines {
    private let index: LocateIndex
    /// For each grid of the day its codes and a line end, ready to be copied.
    private let answers: [[UInt8]]
    private var rest: [UInt8] = []
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    private var number = 0
    /// No point needs more; what is longer is kept only so far, and is none.
    private static let longest = 1000

    init(_ day: LandDay) {
        index = day.index
        answers = day.refs.map { ref in Array(day.chain(to: ref).map(\.code).joined(separator: ",").utf8) + [10] }
    }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        var start = bytes.startIndex
        bytes.withUnsafeBufferPointer { buffer in
            let base = bytes.startIndex
            var place = 0
            if !rest.isEmpty {
                guard let end = buffer.firstIndex(of: 10) else {
                    rest.append(contentsOf: buffer.prefix(Self.longest))
                    rest.removeLast(max(0, rest.count - Self.longest))
                    start = bytes.endIndex
                    return
                }
                rest.append(contentsOf: buffer[..<end].prefix(Self.longest))
                rest.withUnsafeBufferPointer { answer($0[...]) }
                rest.removeAll(keepingCapacity: true)
                place = end + 1
            }
            while let end = buffer[place...].firstIndex(of: 10) {
                answer(buffer[place..<end])
                place = end + 1
            }
            start = base + place
        }
        if start < bytes.endIndex { rest.append(contentsOf: bytes[start...].prefix(Self.longest)) }
    }

    /// The last line may lack its end.
    mutating func end() {
        guard !rest.isEmpty else { return }
        rest.withUnsafeBufferPointer { answer($0[...]) }
        rest = []
    }

    mutating func flush() throws {
        if !errors.isEmpty { try FileHandle.standardError.write(contentsOf: Data(errors)) }
        if !output.isEmpty { try FileHandle.standardOutput.write(contentsOf: Data(output)) }
        errors.removeAll(keepingCapacity: true)
        output.removeAll(keepingCapacity: true)
    }

    private mutating func answer(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
        number += 1
        // A byte order mark is no part of the first line.
        let mark = number == 1 && line.starts(with: [0xEF, 0xBB, 0xBF])
        var reader = PointReader(mark ? line.dropFirst(3) : line)
        guard line.count < Self.longest, let point = reader.point() else {
            errors.append(contentsOf: Array("\(number)\n".utf8))
            output.append(10)
            return
        }
        if let found = index.locate(point) { output.append(contentsOf: answers[found]) } else { output.append(10) }
    }
}

/// Reads `lon,lat`, with spaces around and a carriage return at the end allowed.
struct PointReader {
    private let line: Slice<UnsafeBufferPointer<UInt8>>
    private var at: Int

    init(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
        self.line = line
        at = line.startIndex
    }

    mutating func point() -> Coordinate? {
        guard let lon = number() else { return nil }
        guard at < line.endIndex, line[at] == UInt8(ascii: ",") else { return nil }
        at += 1
        guard let lat = number(), at == line.endIndex else { return nil }
        let point = Coordinate(lon: lon, lat: lat)
        return point.isOnEarth ? point : nil
    }

    private mutating func skipSpaces() {
        while at < line.endIndex, line[at] == 32 || line[at] == 9 || line[at] == 13 { at += 1 }
    }

    private static let powers: [Double] = (0...22).reduce(into: [1.0]) { powers, _ in powers.append((powers.last ?? 1) * 10) }

    /// Exact for up to 15 digits, else through the C library.
    private mutating func number() -> Double? {
        skipSpaces()
        let start = at
        var negative = false
        if at < line.endIndex, line[at] == UInt8(ascii: "-") || line[at] == UInt8(ascii: "+") {
            negative = line[at] == UInt8(ascii: "-")
            at += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var decimals = 0
        var seen = false
        var pointSeen = false
        while at < line.endIndex {
            let byte = line[at]
            if byte >= 48, byte <= 57 {
                seen = true
                if mantissa > 0 || byte > 48 { digits += 1 }
                if digits <= 18 { mantissa = mantissa * 10 + UInt64(byte - 48) }
                if pointSeen { decimals += 1 }
            } else if byte == UInt8(ascii: "."), !pointSeen {
                pointSeen = true
            } else {
                break
            }
            at += 1
        }
        guard seen else { return nil }
        var value: Double
        if at < line.endIndex, line[at] | 32 == UInt8(ascii: "e") {
            at += 1
            if at < line.endIndex, line[at] == UInt8(ascii: "-") || line[at] == UInt8(ascii: "+") { at += 1 }
            let first = at
            while at < line.endIndex, line[at] >= 48, line[at] <= 57 { at += 1 }
            guard at > first, let read = Double(String(decoding: line[start..<at], as: UTF8.self)) else { return nil }
            value = read
        } else if digits <= 15, decimals <= 22 {
            value = Double(mantissa) / Self.powers[decimals]
            if negative { value = -value }
        } else {
            guard let read = Double(String(decoding: line[start..<at], as: UTF8.self)) else { return nil }
            value = read
        }
        skipSpaces()
        return value
    }
}
