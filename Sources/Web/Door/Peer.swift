import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The address a request came from. `X-Forwarded-For` counts only when the connection itself comes from a proxy named in the settings.
enum Peer {
    static func address(of request: Request, connection: String, trusted: Set<String>) -> String {
        guard trusted.contains(connection), let header = request.headers.value(of: "X-Forwarded-For") else { return connection }
        // The last address that is not one of our own proxies was seen by us; those before it are hearsay.
        return header.split(separator: ",").map(\.trimmingSpaces).last { !trusted.contains($0) } ?? connection
    }
}
