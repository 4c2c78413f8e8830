import Basics
import Grids
import Matters
import Posts
import Store
import Testing
import Web

@testable import weiwang

extension RightsFields {
    /// Who tries, with what is his and what is another's.
    struct Trier: Sendable {
        let name: String?
        /// The areas in which he tries; those closed to him are the matrix's.
        let opens: Set<Need>
        /// Only these routes; nil: all that are open.
        var paths: Set<String>? = nil
        /// Only the acts on matters that are done as one of these; nil: all.
        var by: Set<Action.By>? = nil
        let own: RightsCast.Piece
        let foreign: RightsForeign

        var title: String { name ?? "nobody" }
        func tries(_ route: Route) -> Bool {
            // Who is in signs in no more, and goes on with his session.
            guard name == nil || !route.path.hasPrefix("/sign-") else { return false }
            return opens.contains(route.need) && paths?.contains(route.path) ?? true
        }
    }

    static func triers(_ town: Town) async throws -> [Trier] {
        let cast = try await RightsCast.set(town)
        try await officers(town)
        func piece(_ isNear: Bool, _ privacy: Privacy) throws -> RightsCast.Piece {
            try #require(cast.pieces.first { $0.isNear == isNear && $0.privacy == privacy })
        }
        let (near, far) = (try piece(true, .open), try piece(false, .open))
        // Who knows a number and its code is the reporter: one's own code opens nothing of another's.
        for own in [near, far] {
            try await town.engines.database.write { tx in
                _ = try tx.run("UPDATE report SET query_code = \(SoundForms.code) WHERE id = \(own.report)")
            }
        }
        // Their owners try nothing themselves, so that whatever changes about them was changed by somebody else.
        let beside = try await RightsForeign.make(town, piece(false, .inside), owner: "柳青", post: "officer3", unit: "parks", grid: "2.1")
        let closed = try await RightsForeign.make(
            town, piece(false, .confidential), owner: "柳青", post: "officer3", unit: "parks", grid: "2.1")
        let here = try await RightsForeign.make(
            town, piece(true, .inside), owner: "白桦", post: "officer2", unit: "sanitation", grid: "1.2")
        let act = "/desk/matters/:matter/acts/:verb"
        return [
            Trier(name: nil, opens: [.anyone, .link, .client], own: near, foreign: closed),
            Trier(name: "林小满", opens: [.field, .client], own: near, foreign: beside),
            Trier(name: "何雨", opens: [.anyone, .account, .desk, .command, .client], own: near, foreign: closed),
            Trier(name: "江帆", opens: [.desk, .command, .walls], by: [.director, .supervisor], own: far, foreign: here),
            Trier(name: "鲁捷", opens: [.desk], paths: [act], by: [.asked], own: near, foreign: beside),
            Trier(name: "魏来", opens: [.account, .admin, .walls, .audit], own: near, foreign: beside),
            // Only who has the whole land brings a set of boundaries in.
            Trier(name: "安平", opens: [.admin], paths: ["/admin/division", "/admin/division/carry-out"], own: near, foreign: beside),
        ]
    }

    /// An administrator of one subdistrict, as a catalog may have them, who reads the journal too, and a department of the other one.
    private static func officers(_ town: Town) async throws {
        let (posts, grids) = (town.engines.posts, [try town.grid("1"), try town.grid("2")])
        let now = town.clock.time.now
        try await town.engines.database.write { tx in
            func act(_ label: String) -> Act { .system("test", id: Town.id("low \(label)"), at: now - .days(1)) }
            let root = try #require(try tx.first("SELECT id FROM grid WHERE level = 'root'") { try $0["id"] as GridID })
            let person = Town.person("魏来")
            try posts.addPerson(Person(id: person, name: "魏来"), act: act("person"), in: tx)
            try posts.addAccount(of: person, name: "魏来", record: "scrypt$1$1$1$AAAA$AAAA", act: act("account"), in: tx)
            for role in ["admin", "security", "auditor"] {
                let post = Town.post("low \(role)")
                try posts.addPost(NewPost(id: post, role: role, name: role, seat: .grid(root)), act: act(role), in: tx)
                try tx.run("UPDATE post SET grid_id = \(grids[0].id), path_now = \(grids[0].path) WHERE id = \(post)")
                try posts.beginHolding(
                    Holding(id: HoldingID(Town.id("low \(role)")), post: post, person: person, from: now - .days(9)),
                    act: act("holding \(role)"), in: tx)
            }
            try posts.addUnit(
                WorkUnit(id: Town.unit("parks"), name: "parks", unitClass: "department", grid: grids[1].id), act: act("unit"), in: tx)
        }
    }
}
