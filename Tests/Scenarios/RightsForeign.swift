import Basics
import Foundation
import Grids
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// One thing of each sort that is another's: what the fields of a form could name.
struct RightsForeign: Sendable {
    let piece: RightsCast.Piece
    /// By sort, as a form would carry it.
    let values: [RightsFields.Sort: String]
    /// The same shape, of things that are not there.
    let absent: [RightsFields.Sort: String]
    /// The words of a call that is being taken.
    let said: String
    /// Ids whose rows must stand as they stood.
    let ids: [UUIDv7]

    /// - Parameters:
    ///   - piece: a matter that the visitor does not see.
    ///   - owner: somebody of its land: calls, devices, holdings of his are the foreign ones.
    static func make(_ town: Town, _ piece: RightsCast.Piece, owner: String, post: String, unit: String, grid code: String) async throws
        -> RightsForeign
    {
        let now = town.clock.time.now
        let (call, milestone, device) = (UUIDv7(at: .systemNow), Town.id("milestone \(piece.id)"), Town.id("device \(owner)"))
        let (desk, said) = (try await town.browser(owner), "隔壁来电所说，\(post)")
        let kept = try await desk.post(
            "/desk/new/typed", [("id", call.description), ("phone", "13812345678"), ("words", said), ("csrf", Town.csrf(owner))])
        #expect(kept.status == 200, "\(owner) takes a call")
        try await town.engines.database.write { tx in
            try tx.run(
                """
                INSERT INTO milestone (id, matter_id, name, due_day, position)
                VALUES (\(milestone), \(piece.id), '隔壁的节点', \(Day.end), 0)
                ON CONFLICT (id) DO NOTHING
                """)
            try tx.run(
                """
                INSERT INTO trusted_device (digest, id, person_id, made_at, until)
                VALUES (\(Secret.digest("\(device)")), \(device), \(Town.person(owner)), \(now), \(now + .days(30)))
                ON CONFLICT (id) DO NOTHING
                """)
        }
        let part = try #require(try await town.parts(piece.id).first?.id)
        let grid = try town.grid(code)
        let remit = Town.id("remit foreign \(unit)")
        try await town.engines.database.write { [posts = town.engines.posts] tx in
            try posts.addRemit(
                Remit(id: RemitID(remit), owner: .unit(Town.unit(unit)), subject: "sanitation", path: grid.path),
                act: .system("test", id: remit.derived("add"), at: now - .days(1)), in: tx)
        }
        func all(_ id: (String, UUIDv7) -> UUIDv7, number: String, code: String, path: String, file: String) -> [RightsFields.Sort: String]
        {
            let matter = id("matter", piece.id.uuid)
            let grid = id("grid", grid.id.uuid)
            return [
                .matter: "\(matter)", .number: number, .did: "\(matter)~note", .part: "\(id("part", part.uuid))",
                .milestone: "\(id("milestone", milestone))", .report: "\(id("report", piece.report.uuid))", .call: "\(id("call", call))",
                .act: "\(id("act", piece.report.uuid.derived("open")))", .device: "\(id("device", device))",
                .holding: "\(id("holding", Town.id("holding \(owner)")))", .person: "\(id("person", Town.person(owner).uuid))",
                .post: "\(id("post", Town.post(post).uuid))", .unit: "\(id("unit", Town.unit(unit).uuid))", .grid: "\(grid)", .code: code,
                .path: path, .record: "\(id("record", matter))", .remit: "\(id("remit", remit))",
                .list: "grid=\(grid)&q=\(number)&tab=all", .address: "/desk/matters/\(matter)",
                .steps: #"[{"do":"name","grid":"\#(grid)","name":"改"},{"do":"merge","grid":"\#(grid)","with":"\#(grid)"}]"#,
                .file: file, .client: "\(matter)",
            ]
        }
        let values = all({ $1 }, number: piece.number, code: code, path: grid.path.text, file: piece.digest)
        let absent = all(
            { name, _ in Town.id("absent \(name)") }, number: String(piece.number.dropLast(4)) + "9999", code: "9.9.9", path: "0000zz",
            file: Secret.hex(Secret.digest("none")))
        let ids: [UUIDv7] = [
            piece.id.uuid, part.uuid, milestone, piece.report.uuid, call, device, Town.id("holding \(owner)"), Town.person(owner).uuid,
            Town.post(post).uuid, Town.unit(unit).uuid, grid.id.uuid, remit,
        ]
        return RightsForeign(piece: piece, values: values, absent: absent, said: said, ids: ids)
    }

    /// Every row that is one of these things or hangs on one of them, as text.
    func rows(_ town: Town) async throws -> [String] {
        let columns: [(String, [String])] = [
            ("matter", ["id", "merged_into"]), ("report", ["id", "matter_id", "first_matter_id"]),
            ("part", ["id", "matter_id"]),
            ("clock", ["matter_id"]), ("milestone", ["id", "matter_id"]), ("photo", ["matter_id"]), ("remark", ["matter_id"]),
            ("matter_link", ["from_id", "to_id"]), ("inbox", ["matter_id"]), ("intake", ["id"]), ("unit", ["id", "parent_id"]),
            ("post", ["id", "unit_id"]), ("holding", ["id", "post_id"]), ("remit", ["id", "unit_id", "post_id"]),
            ("person", ["id"]), ("account", ["person_id"]), ("trusted_device", ["id", "person_id"]), ("wall", ["grid_id"]),
            ("grid", ["id"]),
            ("grid_path", ["grid_id"]), ("grid_shape", ["grid_id"]), ("succession", ["old_id", "new_id"]), ("consent", ["subject_id"]),
            ("timer", ["subject_id"]), ("entry", ["subject_id"]),
        ]
        return try await town.engines.database.read { [ids] tx in
            try columns.flatMap { table, columns in
                try columns.flatMap { column in
                    let (table, column) = (SQL(stringLiteral: table), SQL(stringLiteral: column))
                    return try tx.all("SELECT * FROM \(sql: table) WHERE \(sql: column) IN (\(list: ids))") { "\(table) \($0.values)" }
                }
            }.sorted()
        }
    }
}
