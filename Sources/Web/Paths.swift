/// Every address, written once. `:id` and the like are patterns for the table of routes.
package enum Paths {
    // Portal
    static let home = "/"
    static let grid = "/g/:grid"
    static func grid(_ id: some CustomStringConvertible) -> String { "/g/\(id)" }
    static let card = "/g/:grid/card"
    static func card(_ id: some CustomStringConvertible) -> String { "/g/\(id)/card" }
    static let cards = "/g/:grid/cards"
    static func cards(_ id: some CustomStringConvertible) -> String { "/g/\(id)/cards" }
    static let cardPDF = "/g/:grid/card.pdf"
    static func cardPDF(_ id: some CustomStringConvertible) -> String { "/g/\(id)/card.pdf" }
    static let cardsPDF = "/g/:grid/cards.pdf"
    static func cardsPDF(_ id: some CustomStringConvertible) -> String { "/g/\(id)/cards.pdf" }
    package static let report = "/report"
    static func report(in grid: some CustomStringConvertible) -> String { "/report?grid=\(grid)" }
    static let draft = "/report/drafts/:report/:index"
    static func draft(_ report: some CustomStringConvertible, _ index: Int) -> String { "/report/drafts/\(report)/\(index)" }
    static let find = "/find"
    static let progress = "/r/:token"
    package static func progress(_ token: String) -> String { "/r/\(token)" }
    static let receipt = "/r/:token/receipt"
    static func receipt(_ token: String) -> String { "/r/\(token)/receipt" }
    static let linkPhoto = "/r/:token/photo"
    static func linkPhoto(_ token: String) -> String { "/r/\(token)/photo" }
    static let linkAct = "/r/:token/acts/:verb"
    static func linkAct(_ token: String, _ verb: String) -> String { "/r/\(token)/acts/\(verb)" }
    static let nearby = "/report/nearby"
    static let mapPicture = "/map.svg"
    static let photo = "/photos/:digest"
    static func photo(_ digest: String) -> String { "/photos/\(digest)" }
    static let linkFile = "/r/:token/photos/:digest"
    static func linkFile(_ token: String, _ digest: String) -> String { "/r/\(token)/photos/\(digest)" }

    // Entry
    package static let signIn = "/sign-in"
    package static let signInCode = "/sign-in/code"
    package static let signInApp = "/sign-in/app"
    static let signOut = "/sign-out"
    static let me = "/me"
    static let myAccount = "/me/account/:act"
    static func myAccount(_ act: String) -> String { "/me/account/\(act)" }

    // Field
    static let field = "/field"
    static let fieldReport = "/field/report"
    static let fieldNearby = "/field/report/nearby"
    static let fieldLand = "/field/land"
    static let fieldDone = "/field/done"
    static let fieldMatter = "/field/matters/:matter"
    static func fieldMatter(_ id: some CustomStringConvertible) -> String { "/field/matters/\(id)" }
    static let fieldAct = "/field/matters/:matter/acts/:verb"
    static func fieldAct(_ id: some CustomStringConvertible, _ verb: String) -> String { "/field/matters/\(id)/acts/\(verb)" }

    // Others
    package static let desk = "/desk"
    package static let command = "/command"
    package static let admin = "/admin"
    static let health = "/health"
    static let assets = "/assets/**"
    static let vendor = "/vendor/**"
    static let favicon = "/favicon.ico"
}
