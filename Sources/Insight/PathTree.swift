import Store

/// Paths kept once and named by a small number. What is above a path comes before it, so what holds for a subtree is told to all of it in one
/// pass, without looking at a text.
struct PathTree: Sendable {
    private(set) var values: [Path] = []
    /// The number of the path above; `none` for a root.
    private var above: [UInt32] = []
    private var numbers: [Path: UInt32] = [:]
    private static var none: UInt32 { .max }

    init() {}

    /// Paths as they were kept. Nil when one comes before what is above it, or twice.
    init?(_ kept: [Path]) {
        values.reserveCapacity(kept.count)
        numbers.reserveCapacity(kept.count)
        for (index, path) in kept.enumerated() where number(of: path) != index { return nil }
    }

    mutating func number(of path: Path) -> UInt32 {
        if let known = numbers[path] { return known }
        let parent = path.parent.map { self.number(of: $0) } ?? Self.none
        let new = UInt32(values.count)
        numbers[path] = new
        values.append(path)
        above.append(parent)
        return new
    }

    /// For each path what is said of itself, or else of the nearest above of which something is said; `other` where nothing is.
    func nearest<Mark>(_ said: [(path: Path, mark: Mark)], or other: Mark) -> [Mark] {
        var own: [UInt32: Mark] = [:]
        for (path, mark) in said {
            // Of what was never named nothing is in the table either.
            if let number = numbers[path], own[number] == nil { own[number] = mark }
        }
        var marks = [Mark](repeating: other, count: values.count)
        var sooner = own.keys.sorted()[...]
        for number in marks.indices {
            if let next = sooner.first, next == UInt32(number) {
                sooner.removeFirst()
                marks[number] = own[next] ?? other
            } else if above[number] != Self.none {
                marks[number] = marks[Int(above[number])]
            }
        }
        return marks
    }

    /// For each path all that is said of itself and of what is above it, joined.
    func joined(_ said: [(path: Path, mark: UInt64)]) -> [UInt64] {
        var marks = [UInt64](repeating: 0, count: values.count)
        for (path, mark) in said {
            if let number = numbers[path] { marks[Int(number)] |= mark }
        }
        for number in marks.indices where above[number] != Self.none { marks[number] |= marks[Int(above[number])] }
        return marks
    }
}
