import Basics
import Store

/// Small fixed-width rows in memory, column by column, so that any count is one scan.
///
/// What has few different values is kept once and named by a number: paths, and the *shape* of a row, which is all of its small facts together
/// (state, class, flags). A question is asked of each path and each shape once; the scan only looks the answers up.
/// Rows lie in chunks, so a reader keeps its snapshot and a writer copies no more than the chunks it touches.
struct BoardTable<Shape: Hashable & Sendable>: Sendable {
    /// One row as it is put in.
    struct Line {
        var id: UUIDv7
        /// The matter of a part; nil for matters.
        var matter: UUIDv7?
        var pathNow: Path
        var pathThen: Path
        var shape: Shape
        /// Catalog id; empty when undecided.
        var category: String
        /// Who has it (the post of a part); nil for matters.
        var post: UUIDv7?
        var opened: Day
        /// Nil while it goes on.
        var closed: Day?
        /// The limit that runs; nil when none does.
        var due: Instant?
    }

    struct Chunk: Sendable {
        static var capacity: Int { 1 << shift }
        static var shift: Int { 16 }

        var ids: ContiguousArray<UUIDv7> = []
        /// Empty in a table of matters.
        var matters: ContiguousArray<UUIDv7> = []
        var now: ContiguousArray<UInt32> = []
        var then: ContiguousArray<UInt32> = []
        var shape: ContiguousArray<UInt32> = []
        var category: ContiguousArray<UInt16> = []
        var post: ContiguousArray<UInt32> = []
        var opened: ContiguousArray<Int32> = []
        var closed: ContiguousArray<Int32> = []
        var due: ContiguousArray<Int64> = []
        var count: Int { ids.count }
    }

    private(set) var chunks: [Chunk] = []
    private(set) var paths = Interned<Path>()
    private(set) var shapes = Interned<Shape>()
    private(set) var categories = Interned<String>()
    private(set) var posts = Interned<UUIDv7?>()
    private var rows: [UUIDv7: UInt32] = [:]

    var count: Int { rows.count }

    mutating func reserve(_ count: Int) { rows.reserveCapacity(count) }

    /// Adds the row of an id, or puts it in the place of the one there.
    mutating func put(_ line: Line) {
        let now = paths.number(of: line.pathNow)
        let then = line.pathThen == line.pathNow ? now : paths.number(of: line.pathThen)
        let shape = shapes.number(of: line.shape)
        let category = UInt16(truncatingIfNeeded: categories.number(of: line.category))
        let post = posts.number(of: line.post)
        let closed = line.closed?.epoch ?? .max
        let due = line.due?.milliseconds ?? .max
        if let row = rows[line.id] {
            let (c, i) = (Int(row) >> Chunk.shift, Int(row) & (Chunk.capacity - 1))
            chunks[c].now[i] = now
            chunks[c].then[i] = then
            chunks[c].shape[i] = shape
            chunks[c].category[i] = category
            chunks[c].post[i] = post
            chunks[c].opened[i] = line.opened.epoch
            chunks[c].closed[i] = closed
            chunks[c].due[i] = due
            return
        }
        if chunks.last.map({ $0.count == Chunk.capacity }) ?? true { chunks.append(Chunk()) }
        let last = chunks.count - 1
        rows[line.id] = UInt32(last << Chunk.shift + chunks[last].count)
        chunks[last].ids.append(line.id)
        if let matter = line.matter { chunks[last].matters.append(matter) }
        chunks[last].now.append(now)
        chunks[last].then.append(then)
        chunks[last].shape.append(shape)
        chunks[last].category.append(category)
        chunks[last].post.append(post)
        chunks[last].opened.append(line.opened.epoch)
        chunks[last].closed.append(closed)
        chunks[last].due.append(due)
    }

    /// Gives what was opened after a day a shape that nothing counts.
    mutating func hide(after day: Day, _ shape: Shape) {
        let hidden = shapes.number(of: shape)
        for c in chunks.indices where chunks[c].opened.contains(where: { $0 > day.epoch }) {
            for i in 0..<chunks[c].count where chunks[c].opened[i] > day.epoch { chunks[c].shape[i] = hidden }
        }
    }

    func holds(_ id: UUIDv7) -> Bool { rows[id] != nil }
}
