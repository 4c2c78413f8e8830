/// Which grid lies in which, and of what sort each is, by numbers: a city has 100,000 grids, and a page must not look at each of them.
/// A number is a grid's place in the `refs` of its day.
struct LandTree: Sendable {
    /// How deep the deepest lies; 0 without any but the root.
    let deepest: Int
    /// By place: the first grid in it, and the next one in the same grid; -1 where there is none.
    private let firstIn: [Int32]
    private let next: [Int32]
    /// By place, a number into `sorts`.
    private let sort: [UInt16]
    private let sorts: [Sort]

    private struct Sort: Hashable {
        let level: String
        let rank: Int
        let nature: String?
    }

    init(_ refs: [GridRef], _ places: [GridID: Int]) {
        var (firstIn, next) = (Array(repeating: Int32(-1), count: refs.count), Array(repeating: Int32(-1), count: refs.count))
        var (sort, sorts, known) = ([UInt16](), [Sort](), [Sort: UInt16]())
        sort.reserveCapacity(refs.count)
        for (place, ref) in refs.enumerated() {
            let own = Sort(level: ref.level, rank: ref.rank, nature: ref.nature)
            // NB: levels and natures of a catalog are few; more than 65,535 sorts would be counted as the last.
            let number = known[own] ?? UInt16(clamping: sorts.count)
            if known.updateValue(number, forKey: own) == nil { sorts.append(own) }
            sort.append(number)
        }
        for place in refs.indices.reversed() {
            guard let parent = refs[place].parent, let above = places[parent] else { continue }
            next[place] = firstIn[above]
            firstIn[above] = Int32(place)
        }
        (self.firstIn, self.next, self.sort, self.sorts) = (firstIn, next, sort, sorts)
        deepest = sorts.map(\.rank).max() ?? 0
    }

    /// Those of some rank or above it, in order.
    func places(downTo rank: Int) -> [Int] { sort.indices.filter { sorts[Int(sort[$0])].rank <= rank } }
    func rank(_ place: Int) -> Int { sorts[Int(sort[place])].rank }

    func hasChildren(_ place: Int) -> Bool { firstIn[place] >= 0 }

    /// In the order of their paths.
    func children(of place: Int) -> [Int] {
        var found: [Int] = []
        var child = firstIn[place]
        while child >= 0 {
            found.append(Int(child))
            child = next[Int(child)]
        }
        return found
    }

    /// How many of each level lie there, the root left out; levels in order of rank.
    func counts(_ places: [Range<Int>]) -> [LevelCount] {
        var many = [Int](repeating: 0, count: sorts.count)
        for places in places { for sort in sort[places] { many[Int(sort)] += 1 } }
        var counts: [String: LevelCount] = [:]
        for (sort, many) in zip(sorts, many) where many > 0 && sort.rank > 0 {
            var count = counts[sort.level] ?? LevelCount(level: sort.level, rank: sort.rank)
            if let nature = sort.nature { count.natures[nature, default: 0] += many } else { count.grids += many }
            counts[sort.level] = count
        }
        return counts.values.sorted { $0.rank < $1.rank }
    }
}
