import Basics
import Catalog
import Geo
import Posts
import Store
import Synchronization

/// A place as a person says it, found and not asked: `槐荫路 88 号`, else the compound, else the street.
package struct PlaceWords: Sendable, Hashable {
    package let text: String
    /// What says it; nil for a street.
    package let record: RecordID
    package let register: String
    package let meters: Double
}

/// All lines of the ledger (streets) in memory, in squares of about a kilometre.
struct LineIndex: Sendable {
    struct Line: Sendable {
        let id: RecordID
        let register: String
        let name: String
        let shape: RecordShape
    }

    static let square = 0.01
    let token: String
    private let squares: [Int64: [Int]]
    private let lines: [Line]

    /// Lines that come into a box, for a picture of it.
    func lines(in box: Box) -> [Line] {
        guard !box.isEmpty, Self.step(box.east) - Self.step(box.west) < 200, Self.step(box.north) - Self.step(box.south) < 200 else {
            return []
        }
        var seen: Set<Int> = []
        for x in Self.step(box.west)...Self.step(box.east) {
            for y in Self.step(box.south)...Self.step(box.north) { seen.formUnion(squares[Self.key(x, y)] ?? []) }
        }
        return seen.sorted().map { lines[$0] }.filter { $0.shape.box.intersects(box) }
    }

    init(token: String, lines: [Line]) {
        self.token = token
        self.lines = lines
        var squares: [Int64: [Int]] = [:]
        for (index, line) in lines.enumerated() {
            let box = line.shape.box
            guard !box.isEmpty else { continue }
            let (west, east) = (Self.step(box.west), Self.step(box.east))
            let (south, north) = (Self.step(box.south), Self.step(box.north))
            // A line over a whole country would fill the memory: such a one is not a street.
            guard (east - west) * (north - south) < 100_000 else { continue }
            for x in west...east { for y in south...north { squares[Self.key(x, y), default: []].append(index) } }
        }
        self.squares = squares
    }

    private static func step(_ degrees: Double) -> Int64 { Int64((degrees / square).rounded(.down)) }
    private static func key(_ x: Int64, _ y: Int64) -> Int64 { x << 32 ^ (y & 0xFFFF_FFFF) }

    func nearest(to place: Coordinate, meters: Double, registers: [String]) -> (line: Line, meters: Double)? {
        guard place.isOnEarth else { return nil }
        let box = Box(around: [place]).grown(meters: meters)
        var seen: Set<Int> = []
        var best: (line: Line, meters: Double)?
        for x in Self.step(box.west)...Self.step(box.east) {
            for y in Self.step(box.south)...Self.step(box.north) {
                for index in squares[Self.key(x, y)] ?? [] where seen.insert(index).inserted && registers.contains(lines[index].register) {
                    let away = lines[index].shape.distance(to: place)
                    if away <= meters, best.map({ (away, lines[index].id) < ($0.meters, $0.line.id) }) ?? true {
                        best = (lines[index], away)
                    }
                }
            }
        }
        return best
    }
}

extension Ledger {
    private static let linesKey = "lines"

    /// The next question reads the lines anew.
    func linesChanged(in tx: Transaction) throws {
        try tx.setMeta(Self.linesKey, Secret.token(bytes: 12))
    }

    func lines(in tx: Transaction) throws -> LineIndex {
        let token = try tx.meta(Self.linesKey) ?? ""
        if let known = streets.withLock({ $0 }), known.token == token { return known }
        let registers = try registers().byID.values.filter { $0.place == .line }.map(\.id).sorted()
        let lines = try tx.all(
            "SELECT id, register, name, shape FROM record WHERE register IN (\(list: registers)) AND shape IS NOT NULL AND to_day = \(Day.end)"
        ) { LineIndex.Line(id: try $0["id"], register: try $0["register"], name: try $0["name"], shape: try RecordShape(wkb: $0["shape"])) }
        let index = LineIndex(token: token, lines: lines)
        streets.withLock { $0 = index }
        return index
    }

    /// The nearest street within so many metres.
    package func nearestLine(to place: Coordinate, meters: Double, registers: [String], in tx: Transaction) throws -> PlaceWords? {
        try lines(in: tx).nearest(to: place, meters: meters, registers: registers).map {
            PlaceWords(text: $0.line.name, record: $0.line.id, register: $0.line.register, meters: $0.meters)
        }
    }

    /// The place in words of today; nil when nothing is near.
    package func placeWords(_ place: Coordinate, in tx: Transaction) throws -> String? {
        try placeInWords(place, on: posts.time.now.day(in: posts.zone), in: tx)?.text
    }

    /// How a place is said by this record: by the element that the register names, else by its name.
    package func words(of record: Record) throws -> String {
        try registers()[record.register]?.told?.element.flatMap { record.facts[$0]?.value.text } ?? record.name
    }

    /// The place in words, by the registers that the catalog lets tell places, in their turn; nil when nothing is near.
    package func placeInWords(_ place: Coordinate, on day: Day, in tx: Transaction) throws -> PlaceWords? {
        for register in try registers().telling {
            guard let told = register.told else { continue }
            if register.place == .line {
                if let line = try nearestLine(to: place, meters: told.meters, registers: [register.id], in: tx) { return line }
                continue
            }
            guard let found = try near(place, meters: told.meters, registers: [register.id], on: day, limit: 1, in: tx).first else {
                continue
            }
            return PlaceWords(text: try words(of: found.record), record: found.record.id, register: register.id, meters: found.meters)
        }
        return nil
    }
}
