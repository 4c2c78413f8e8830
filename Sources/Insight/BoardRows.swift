import Basics

// Which row is whose: a matter is found by its id, its parts from the row of the matter.

extension BoardTable<MatterShape> {
    func id(_ row: UInt32) -> UUIDv7 {
        let (c, i) = Self.place(row)
        return chunks[c].ids[i]
    }

    func row(of id: UUIDv7) -> UInt32? { index.row(of: id, self.id) }

    func holds(_ id: UUIDv7) -> Bool { row(of: id) != nil }

    /// Adds the row of a matter, or puts it in the place of the one there.
    mutating func put(_ line: Line) {
        if let row = row(of: line.matter) { return set(line, at: row) }
        let row = append(line)
        let (c, _) = Self.place(row)
        chunks[c].ids.append(line.matter)
        chunks[c].lastPart.append(Self.none)
        _ = index.add(row, of: line.matter) { [chunks] in
            let (c, i) = Self.place($0)
            return chunks[c].ids[i]
        }
    }

    /// Finds every id anew. - Returns: false when one is there twice.
    mutating func indexAll() -> Bool {
        var index = RowIndex(room: count)
        for (c, chunk) in chunks.enumerated() {
            for (i, id) in chunk.ids.enumerated() where !index.add(UInt32(c << Chunk.shift + i), of: id, self.id) { return false }
        }
        self.index = index
        return true
    }
}

extension Board.State {
    /// Adds a part to those of its matter. Without a row of the matter it has no place, and nobody sees it.
    mutating func add(part line: BoardTable<PartShape>.Line) {
        guard let matter = matters.row(of: line.matter) else { return }
        add(line, to: matter)
    }

    private mutating func add(_ line: BoardTable<PartShape>.Line, to matter: UInt32) {
        let (c, i) = BoardTable<MatterShape>.place(matter)
        let row = parts.append(line)
        let (chunk, _) = BoardTable<PartShape>.place(row)
        parts.chunks[chunk].matter.append(matter)
        parts.chunks[chunk].partBefore.append(matters.chunks[c].lastPart[i])
        matters.chunks[c].lastPart[i] = row
    }

    /// Puts the parts of some matters in the place of those there. Which row becomes whose is all the same: a part never leaves its matter, and
    /// all of a matter's are read together.
    mutating func put(parts lines: [BoardTable<PartShape>.Line]) {
        for (id, lines) in Dictionary(grouping: lines, by: \.matter) {
            guard let matter = matters.row(of: id) else { continue }
            let (c, i) = BoardTable<MatterShape>.place(matter)
            var row = matters.chunks[c].lastPart[i]
            for line in lines {
                guard row != BoardTable<PartShape>.none else { add(line, to: matter); continue }
                parts.set(line, at: row)
                let (chunk, place) = BoardTable<PartShape>.place(row)
                row = parts.chunks[chunk].partBefore[place]
            }
        }
    }
}

extension Board.State {
    /// Reads what `columns` wrote of both tables. - Throws: `BoardFileDamage`.
    init(_ head: BoardFile.Head, from file: inout BoardFileReader) throws {
        func isRow(_ rows: ContiguousArray<UInt32>, of count: Int, orNone: Bool) -> Bool {
            rows.allSatisfy { $0 < count || orNone && $0 == BoardTable<PartShape>.none }
        }
        let (matters, parts) = (head.matters.count, head.parts.count)
        self.matters = try BoardTable(head.matters, from: &file) { file, chunk, count in
            chunk.ids = try file.take(count)
            chunk.lastPart = try file.take(count)
            guard isRow(chunk.lastPart, of: parts, orNone: true) else { throw BoardFileDamage() }
        }
        self.parts = try BoardTable(head.parts, from: &file) { file, chunk, count in
            chunk.matter = try file.take(count)
            chunk.partBefore = try file.take(count)
            guard isRow(chunk.matter, of: matters, orNone: false), isRow(chunk.partBefore, of: parts, orNone: true) else {
                throw BoardFileDamage()
            }
        }
        guard self.matters.indexAll() else { throw BoardFileDamage() }
        ready = true
    }
}
