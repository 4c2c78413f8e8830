import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Who may come to a route. The engines check reach and verb again for the thing itself.
package enum Need: String, Sendable, CaseIterable {
    /// Everybody, also without an account.
    case anyone
    /// Whoever holds the private link in the path.
    case link
    /// Anyone signed in.
    case account
    /// Who holds a post that works in the grids, at the desk, at the command screen, in the administration.
    case field, desk, command, admin
    /// Who reads the journal.
    case audit
    /// Who may make and end screens on walls.
    case walls
    /// A client's api key, checked by the route itself (reading may be open).
    case client
}

package typealias Handler = @Sendable (Call) async throws -> Response

/// One line of the table of routes.
package struct Route: Sendable {
    package let method: HTTPRequest.Method
    package let path: String
    package let need: Need
    let limits: BodyLimits
    let handler: Handler
}

/// The table of all routes; a route without a need cannot be written.
package struct Routes: Sendable {
    package private(set) var all: [Route] = []

    /// - Parameter limits: how much a POST may weigh; files only where they are expected.
    package mutating func route(
        _ method: HTTPRequest.Method, _ path: String, needs need: Need, limits: BodyLimits = .fieldsOnly, _ handler: @escaping Handler
    ) {
        all.append(Route(method: method, path: path, need: need, limits: limits, handler: handler))
    }
}
