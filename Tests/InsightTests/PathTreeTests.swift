import Basics
import Store
import Testing

@testable import Insight

@Suite struct PathTreeTests {
    private static func paths(_ random: inout SplitMix) -> [Path] {
        (0..<300).map { _ in
            (0..<Int.random(in: 0..<5, using: &random)).reduce(Path.root) { path, _ in path.child(Int.random(in: 0..<4, using: &random)) }
        }
    }

    @Test("what is said of a path holds below it, until something nearer is said")
    func nearest() {
        var random = SplitMix(7)
        var tree = PathTree()
        let named = Self.paths(&random)
        let numbers = named.map { tree.number(of: $0) }
        #expect(numbers.indices.allSatisfy { tree.values[Int(numbers[$0])] == named[$0] })
        for _ in 0..<40 {
            let some = Self.paths(&random).prefix(Int.random(in: 0..<9, using: &random))
            let said: [(path: Path, mark: Int)] = some.enumerated().map { (path: $1, mark: $0) }
            let marks: [Int] = tree.nearest(said, or: -1)
            let joined: [UInt64] = tree.joined(said.map { (path: $0.path, mark: UInt64(1) << UInt64($0.mark)) })
            for (number, path) in tree.values.enumerated() {
                let above = said.filter { $0.path.covers(path) }
                let deepest: Int? = above.map { $0.path.depth }.max()
                let nearest: Int = above.first { $0.path.depth == deepest }?.mark ?? -1
                #expect(marks[number] == nearest)
                var bits: UInt64 = 0
                for each in above { bits |= 1 << UInt64(each.mark) }
                #expect(joined[number] == bits)
            }
        }
    }

    @Test("paths that were kept are taken back, not in another order")
    func kept() {
        var random = SplitMix(8)
        var tree = PathTree()
        for path in Self.paths(&random) { _ = tree.number(of: path) }
        #expect(PathTree(tree.values)?.values == tree.values)
        #expect(PathTree(tree.values.reversed()) == nil && PathTree(tree.values + tree.values.suffix(1)) == nil)
    }
}
