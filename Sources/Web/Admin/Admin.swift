import Basics
import Grids
import Hummingbird
import Posts

/// Where units, posts, holders, remits and the land are looked after. No matter is read here, and of the ledger only the names of what
/// should have a head.
enum Admin {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.admin, needs: .admin, CoveragePages.home)
        routes.route(.get, Paths.adminGaps, needs: .admin, CoveragePages.list)
        routes.route(.get, Paths.adminLand, needs: .admin, AdminGridPage.top)
        routes.route(.get, Paths.adminGrid, needs: .admin, AdminGridPage.show)
        routes.route(.post, Paths.adminGridAct, needs: .admin, AdminGridPage.act)
        routes.route(.get, Paths.adminUnits, needs: .admin, AdminUnitPages.tree)
        routes.route(.post, Paths.adminUnits, needs: .admin, AdminUnitPages.add)
        routes.route(.get, Paths.adminUnit, needs: .admin, AdminUnitPages.show)
        routes.route(.post, Paths.adminUnitAct, needs: .admin, AdminUnitPages.act)
        routes.route(.get, Paths.adminPlace, needs: .admin, AdminPlacePage.show)
        routes.route(.post, Paths.adminPlaceAct, needs: .admin, AdminPlacePage.act)
        routes.route(.get, Paths.adminPost, needs: .admin, AdminPostPage.show)
        routes.route(.post, Paths.adminPostAct, needs: .admin, AdminPostPage.act)
        routes.route(.get, Paths.adminPeople, needs: .admin, AdminPeoplePages.search)
        routes.route(.post, Paths.adminPeople, needs: .admin, AdminPeoplePages.add)
        routes.route(.get, Paths.adminPerson, needs: .admin, AdminPeoplePages.show)
        routes.route(.post, Paths.adminPersonAct, needs: .admin, AdminPeoplePages.act)
        routes.route(.get, Paths.adminJournal, needs: .audit, JournalPage.show)
        routes.route(.get, Paths.adminJournalFile, needs: .audit, JournalPage.csv)
        routes.route(.get, Paths.adminDivision, needs: .admin, DivisionPage.show)
        routes.route(.post, Paths.adminDivision, needs: .admin, limits: DivisionPage.limits, DivisionPage.check)
        routes.route(.post, Paths.adminDivisionDo, needs: .admin, DivisionPage.carryOut)
        routes.route(.get, Paths.adminMap, needs: .admin, NetPage.show)
        routes.route(.get, Paths.adminMapNet, needs: .admin, NetDoor.net)
        routes.route(.get, Paths.adminMapCoverage, needs: .admin, NetCoverage.show)
        routes.route(.get, Paths.adminMapGround, needs: .admin, Tiles.ground)
        routes.route(.post, Paths.adminMapDraft, needs: .admin, NetDoor.draft)
        routes.route(.post, Paths.adminMapRehearse, needs: .admin, NetDoor.rehearse)
        routes.route(.post, Paths.adminMapApply, needs: .admin, NetDoor.apply)
    }
}

extension Paths {
    static let adminGaps = "/admin/gaps/:kind"
    static func adminGaps(_ kind: String) -> String { "/admin/gaps/\(kind)" }
    static let adminLand = "/admin/grids"
    static let adminGrid = "/admin/grids/:grid"
    static func adminGrid(_ id: GridID) -> String { "/admin/grids/\(id)" }
    static let adminGridAct = "/admin/grids/:grid/acts/:act"
    static let adminUnits = "/admin/units"
    static let adminUnit = "/admin/units/:unit"
    static func adminUnit(_ id: UnitID) -> String { "/admin/units/\(id)" }
    static let adminUnitAct = "/admin/units/:unit/acts/:act"
    static let adminPlace = "/admin/places/:place"
    static func adminPlace(_ id: UUIDv7) -> String { "/admin/places/\(id)" }
    static let adminPlaceAct = "/admin/places/:place/acts/:act"
    static let adminPost = "/admin/posts/:post"
    static func adminPost(_ id: PostID) -> String { "/admin/posts/\(id)" }
    static let adminPostAct = "/admin/posts/:post/acts/:act"
    static let adminPeople = "/admin/people"
    static let adminPerson = "/admin/people/:person"
    static func adminPerson(_ id: PersonID) -> String { "/admin/people/\(id)" }
    static let adminPersonAct = "/admin/people/:person/acts/:act"
    package static let adminJournal = "/admin/journal"
    static let adminJournalFile = "/admin/journal.csv"
    static let adminDivision = "/admin/division"
    static let adminDivisionDo = "/admin/division/carry-out"
    static let adminMap = "/admin/map"
    static func adminMap(_ id: GridID, on day: Day? = nil) -> String { "/admin/map?grid=\(id)" + (day.map { "&on=\($0)" } ?? "") }
    static let adminMapNet = "/admin/map/net"
    static let adminMapCoverage = "/admin/map/coverage"
    static let adminMapGround = "/admin/map/ground/:layer/:z/:x/:y"
    static func adminMapGround(_ layer: Tiles.Layer) -> String { "/admin/map/ground/\(layer.rawValue)/{z}/{x}/{y}.mvt" }
    static let adminMapDraft = "/admin/map/draft"
    static let adminMapRehearse = "/admin/map/rehearse"
    static let adminMapApply = "/admin/map/apply"
}
