import Basics
import Hummingbird
import Matters

/// Where officers, secretaries, centers and department clerks work: one queue, one open matter, one decision.
enum Desk {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.desk, needs: .desk, DeskPage.list)
        routes.route(.get, Paths.deskMatter, needs: .desk, DeskPage.matter)
        routes.route(.get, Paths.deskQueue, needs: .desk, DeskNow.queue)
        routes.route(.get, Paths.deskNow, needs: .desk, DeskNow.matter)
        routes.route(.get, Paths.deskAct, needs: .desk, DeskPage.form)
        routes.route(.post, Paths.deskAct, needs: .desk, limits: .photos, ActDoor.perform)
        routes.route(.get, Paths.deskMany, needs: .desk, ManyPage.show)
        routes.route(.post, Paths.deskMany, needs: .desk, ManyPage.perform)
        routes.route(.get, Paths.deskNew, needs: .desk, CallerPage.show)
        routes.route(.post, Paths.deskNew, needs: .desk, CallerPage.send)
        routes.route(.post, Paths.deskTyped, needs: .desk, CallerPage.typed)
        routes.route(.get, Paths.deskCalls, needs: .desk, CallsList.waiting)
        routes.route(.get, Paths.deskTaken, needs: .desk, TakenPage.show)
    }
}

extension Paths {
    static let deskMatter = "/desk/matters/:matter"
    static func deskMatter(_ id: MatterID) -> String { "/desk/matters/\(id)" }
    static let deskQueue = "/desk/queue"
    static let deskNow = "/desk/matters/:matter/now"
    static let deskAct = "/desk/matters/:matter/acts/:verb"
    static func deskAct(_ id: MatterID, _ verb: String) -> String { "/desk/matters/\(id)/acts/\(verb)" }
    static let deskMany = "/desk/many"
    static let deskNew = "/desk/new"
    static let deskTyped = "/desk/new/typed"
    static let deskCalls = "/desk/calls"
    static func deskCall(_ id: ReportID) -> String { "/desk/new?call=\(id)" }
    static let deskTaken = "/desk/taken/:report"
    static func deskTaken(_ id: ReportID) -> String { "/desk/taken/\(id)" }
}
