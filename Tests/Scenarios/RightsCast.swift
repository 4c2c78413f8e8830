import Basics
import Catalog
import Geo
import Grids
import Matters
import Posts
import Store
import Testing
import Web

@testable import weiwang

/// The stage of the rights matrix: six matters with a photo each, and who comes to the doors.
struct RightsCast {
    struct Piece: Sendable {
        let id: MatterID
        let number: String
        let report: ReportID
        let token: String
        let digest: String
        let privacy: Privacy
        /// The key of a screen that shows the whole district.
        let wall: String
        /// Below 春晖, where 何雨 works and 鲁捷 has been whistled.
        let isNear: Bool
        var name: String { "\(isNear ? "near" : "far") \(privacy.rawValue)" }
    }

    /// Nil: a stranger. `opens`: the areas their posts open, said here and not asked of the code under test.
    struct Visitor: Sendable {
        let name: String?
        let opens: Set<Need>
        /// What they see, said in words of the town; nil means only what is public.
        let sees: @Sendable (Piece) -> Bool
        var title: String { name ?? "nobody" }
    }

    static let word = "井盖松动"
    static func words(_ piece: Piece) -> String { words(piece.isNear, piece.privacy) }
    private static func words(_ isNear: Bool, _ privacy: Privacy) -> String { "\(word)，\(isNear ? "近" : "远") \(privacy.rawValue)" }
    private static let staff: Set<Need> = [.account, .field, .desk, .command]

    static let visitors: [Visitor] = [
        Visitor(name: nil, opens: [], sees: { _ in false }),
        Visitor(name: "林小满", opens: staff, sees: { $0.isNear }),  // had the part, and keeps the trail
        Visitor(name: "周禾", opens: staff, sees: { $0.isNear }),
        Visitor(name: "何雨", opens: staff, sees: { $0.isNear }),
        Visitor(name: "秦岭", opens: staff, sees: { $0.isNear && $0.privacy != .confidential }),  // land only
        Visitor(name: "白桦", opens: staff, sees: { _ in false }),  // the community beside
        Visitor(name: "柳青", opens: staff, sees: { !$0.isNear }),  // the subdistrict beside
        Visitor(name: "江帆", opens: staff.union([.walls]), sees: { !$0.isNear && $0.privacy != .confidential }),
        Visitor(name: "鲁捷", opens: staff, sees: { $0.isNear }),  // whistled
        Visitor(name: "方泉", opens: staff, sees: { _ in false }),  // another department, another remit
        Visitor(name: "苏城", opens: staff.union([.walls]), sees: { $0.isNear && $0.privacy != .confidential }),
        Visitor(name: "唐原", opens: staff.union([.walls]), sees: { $0.privacy != .confidential }),
        Visitor(name: "安平", opens: [.account, .admin, .walls], sees: { _ in false }),
    ]

    let pieces: [Piece]

    static func set(_ town: Town) async throws -> RightsCast {
        let category = try category(town)
        let wall = try await wall(town)
        var pieces: [Piece] = []
        for isNear in [true, false] {
            for privacy in Privacy.allCases {
                let opened = try await town.report(
                    words(isNear, privacy), at: isNear ? Town.micro : Town.otherSubdistrict, category: category)
                let id = opened.matter.id
                if isNear {
                    try await town.perform("林小满", "report_up", id)
                    try await town.perform("周禾", "report_up", id)
                    try await town.perform("何雨", "whistle", id) { $0.units = [Town.unit("sanitation")] }
                }
                let posts = town.engines.posts
                let now = town.clock.time.now
                let file = try town.engines.database.files.keep(bytes: Array("picture of \(id)".utf8), type: "image/jpeg")
                try await town.engines.database.write { tx in
                    try tx.note(file, at: now)
                    try tx.run("UPDATE matter SET privacy = \(privacy.rawValue) WHERE id = \(id)")
                    try tx.run(
                        """
                        INSERT INTO photo (id, matter_id, report_id, role, digest, state, at)
                        VALUES (\(id.uuid.derived("photo")), \(id), \(opened.report), 'before', \(file.digest), 'here', \(now))
                        ON CONFLICT (id) DO NOTHING
                        """)
                }
                let token = try await town.engines.database.read { try posts.secret(in: $0).token(for: opened.report.uuid) }
                pieces.append(
                    Piece(
                        id: id, number: opened.matter.number, report: opened.report, token: token, digest: file.digest, privacy: privacy,
                        wall: wall,
                        isNear: isNear))
            }
        }
        try await town.settle()
        return RightsCast(pieces: pieces)
    }

    private static func wall(_ town: Town) async throws -> String {
        let (posts, id, now) = (town.engines.posts, WallID(Town.id("wall")), town.clock.time.now)
        let (actor, grid) = (try await town.actor("唐原"), try town.grid("1").id)
        return try await town.engines.database.write { tx in
            try posts.addWall(id, name: "大厅", grid: grid, act: Act(id: Town.id("act wall"), at: now, actor: actor), in: tx)
            return try posts.token(of: id, in: tx)
        }
    }

    /// A category that is the sanitation department's, so that its remit counts and the water department's does not.
    private static func category(_ town: Town) throws -> String {
        try #require(town.engines.catalog.current.categories.first { $0.department == "sanitation" }?.id)
    }
}
