import Basics
import Catalog
import Geo
import Store

/// The net of a day as a hand is changing it: what was there, and what has been done to it, step by step.
///
/// Grids of all levels in and around one of them are in it with borders in common, so that every level follows. Nothing is written: `plan`
/// makes what an import would make, and is carried out in the same way.
package struct LandDraft: Sendable {
    package struct Item: Sendable {
        package let id: GridID
        package let level: String
        package let rank: Int
        package internal(set) var code: String
        package internal(set) var name: String
        package internal(set) var nature: String?
        package internal(set) var parent: GridID
        /// Nil for one that the draft makes.
        package let before: GridRef?
        package internal(set) var isOver = false
    }

    /// From it the ids of what is made follow, so that the same steps make the same grids.
    package let id: UUIDv7
    package let scope: GridRef
    package let day: LandDay
    package internal(set) var items: [Item]
    /// In the order of `items`.
    package var shapes: [MultiPolygon] { work.shapes }
    var work: Patchwork
    let base: Patchwork
    var places: [GridID: Int]
    package let levels: [Level]
    /// Of all days, so that no code is given twice.
    var codes: [String: Set<String>]
    private var made = 0

    /// - Parameter day: from which the draft is to hold: it changes the land of that day.
    /// - Throws: `DraftRefusal.gone` when the grid does not live on that day.
    package init(_ id: UUIDv7, of scope: GridID, on day: Day, in land: Land, levels: [Level]) throws {
        let day = land.on(day)
        guard let ref = day[scope] else { throw DraftRefusal.gone }
        self.id = id
        self.scope = ref
        self.day = day
        self.levels = levels
        let around = day.patchwork(around: ref)
        base = around.patchwork
        work = around.patchwork
        items = around.places.map { day.refs[$0] }.map {
            Item(
                id: $0.id, level: $0.level, rank: $0.rank, code: $0.code, name: $0.name, nature: $0.nature, parent: $0.parent ?? $0.id,
                before: $0)
        }
        places = Dictionary(items.enumerated().map { ($1.id, $0) }) { first, _ in first }
        codes = land.grids.values.reduce(into: [:]) { $0[$1.level, default: []].insert($1.code ?? "") }
    }

    // MARK: Asking

    package subscript(id: GridID) -> Item? { places[id].map { items[$0] } }

    /// Indexes of the living grids just below one.
    package func children(of id: GridID) -> [Int] {
        items.indices.filter { items[$0].parent == id && !items[$0].isOver && items[$0].id != id }
    }

    func living(_ id: GridID) throws -> Int {
        guard let place = places[id], !items[place].isOver else { throw DraftRefusal.gone }
        return place
    }

    /// Whether anything about a grid is other than it was.
    package func isChanged(_ place: Int) -> Bool {
        let item = items[place]
        guard let before = item.before else { return !item.isOver }
        return item.isOver || item.name != before.name || item.nature != before.nature || item.parent != before.parent ?? item.id
            || work.shapes[place] != base.shapes[place]
    }

    // MARK: Steps

    /// Does one step.
    /// - Throws: `DraftRefusal`; the draft is as before then.
    package mutating func take(_ step: DraftStep, topology: Topology) throws {
        var next = self
        do {
            switch step {
            case .move(let point, let target): try next.work.move(point, to: target, topology: topology)
            case .bend(let a, let b, let point): try next.work.bend(a, b, at: point, topology: topology)
            case .remove(let point): try next.work.remove(point, topology: topology)
            case .split(let grid, let line, let within): try next.split(grid, line, within, topology)
            case .merge(let grid, let other): try next.merge(grid, other, topology)
            case .draw(let parent, let outline, let within): try next.draw(parent, outline, within, topology)
            case .name(let grid, let name, let code, let nature): try next.name(grid, name, code, nature)
            }
        } catch let fault as Patchwork.Fault {
            throw DraftRefusal(fault)
        }
        self = next
    }

    /// Makes a grid beside others, with a name and a code that go on from theirs.
    mutating func make(like model: Item, under parent: GridID, shape: MultiPolygon) {
        made += 1
        // The draft's own random bits, counted up.
        let id = GridID(UUIDv7(high: self.id.high, low: self.id.low ^ UInt64(made)))
        let siblings = children(of: parent).map { items[$0] }
        let code = Succession.code(after: siblings.map(\.code) + [model.code], taken: codes[model.level] ?? [])
        let name = Succession.name(after: model.name, taken: Set(siblings.map(\.name)))
        codes[model.level, default: []].insert(code)
        places[id] = items.count
        items.append(Item(id: id, level: model.level, rank: model.rank, code: code, name: name, nature: nil, parent: parent, before: nil))
        _ = work.append(shape)
    }

    private mutating func name(_ grid: GridID, _ name: String, _ code: String?, _ nature: String?) throws {
        let place = try living(grid)
        let name = name.trimmingSpaces
        guard !name.isEmpty, name.count <= 60, !name.unicodeScalars.contains(where: { $0.value < 32 }) else { throw DraftRefusal.wrongName }
        items[place].name = name
        if let code = code?.trimmingSpaces, !code.isEmpty, code != items[place].code {
            guard items[place].before == nil, code.utf8.count <= 40, !code.unicodeScalars.contains(where: { $0.value < 33 }) else {
                throw DraftRefusal.wrongName
            }
            let level = items[place].level
            guard codes[level]?.contains(code) != true else { throw DraftRefusal.codeTaken(code) }
            codes[level]?.remove(items[place].code)
            codes[level, default: []].insert(code)
            items[place].code = code
        }
        if let nature {
            let natures = levels.first { $0.id == items[place].level }?.natures ?? []
            guard nature.isEmpty || natures.contains(nature) else { throw DraftRefusal.wrongName }
            items[place].nature = nature.isEmpty ? nil : nature
        }
    }
}

/// Codes and names that go on from those that are there.
enum Succession {
    /// The number at the end of the highest code, one more, as wide as it was; none that was ever used.
    static func code(after codes: [String], taken: Set<String>) -> String {
        next(after: codes.max { (number(of: $0), $0) < (number(of: $1), $1) } ?? "", taken: taken)
    }

    static func name(after name: String, taken: Set<String>) -> String { next(after: name, taken: taken) }

    private static func next(after text: String, taken: Set<String>) -> String {
        let tail = tail(of: text)
        let head = text.dropLast(tail.count) + (tail.isEmpty ? "-" : "")
        var number = (Int(tail) ?? 1) + 1
        while true {
            let digits = String(number)
            let next = head + String(repeating: "0", count: max(0, tail.count - digits.count)) + digits
            if !taken.contains(String(next)) { return String(next) }
            number += 1
        }
    }

    private static func number(of text: String) -> Int { Int(tail(of: text)) ?? -1 }

    /// Only the last digits of a long number count: the rest names the grids above.
    private static func tail(of text: String) -> String {
        String(text.reversed().prefix { $0.isASCII && $0.isNumber }.reversed().suffix(6))
    }
}
