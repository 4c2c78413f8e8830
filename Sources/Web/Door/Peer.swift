import Basics
import Foundation
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

    /// What counts as one sender: an IPv4 address, or the /64 of an IPv6 one, since whoever has one of its addresses has them all.
    static func network(of address: String) -> String {
        let bare = address.prefix { $0 != "%" }
        guard bare.contains(":"), !bare.contains(".") else { return address }
        let halves = String(bare).components(separatedBy: "::")
        var groups = halves[0].split(separator: ":").map(String.init)
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":").map(String.init)
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).map { UInt16($0, radix: 16).map { String($0, radix: 16) } ?? $0 }.joined(separator: ":") + "::/64"
    }
}
