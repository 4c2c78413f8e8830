import Basics
import Hummingbird

/// The operations center: figures of the land one answers for, each opening to its list; tables by grid; what is late.
enum Command {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.command, needs: .command, CommandPage.show)
        routes.route(.get, Paths.commandPiece, needs: .command, CommandPage.piece)
        routes.route(.get, Paths.commandList, needs: .command, CommandListPage.show)
        routes.route(.get, Paths.commandMap, needs: .command, BattlePage.show)
        routes.route(.get, Paths.commandMapPicture, needs: .command, BattlePage.picture)
        routes.route(.get, Paths.commandDuty, needs: .command, DutyPage.show)
        routes.route(.get, Paths.commandCSV, needs: .command, CommandFiles.csv)
        routes.route(.get, Paths.commandXLSX, needs: .command, CommandFiles.xlsx)
    }
}

extension Paths {
    /// A part of the page by its name, fetched anew while the page is open.
    static let commandPiece = "/command/pieces/:piece"
    static func commandPiece(_ name: String) -> String { "/command/pieces/\(name)" }
    static let commandList = "/command/list"
    static let commandCSV = "/command/table.csv"
    static let commandXLSX = "/command/table.xlsx"

    /// The list of the operations center that an act came from, and to which it leads back; nil for any other address.
    static func commandBack(_ given: String) -> String? {
        let query = given.drop { $0 != "?" }.dropFirst()
        guard given.hasPrefix(commandList + "?"), query.utf8.count < 1000 else { return nil }
        let pairs = URLEncoded.pairs(String(query)).filter { $0.name != "did" }
        return commandList + "?" + URLEncoded.encoded(pairs.map { ($0.name, $0.value) })
    }
}
