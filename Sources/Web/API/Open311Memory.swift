import Basics
import Catalog
import HTTPTypes
import HummingbirdCore
import Posts
import Store
import Synchronization

/// What Open311 keeps between requests: clients by their key, so that a report is one write and nothing before it; and when the list of
/// services last changed.
package final class Open311Memory: Sendable {
    private struct State {
        var clients: [[UInt8]: Client] = [:]
        var changeset: (catalog: ObjectIdentifier, at: Instant)?
    }

    private let state = Mutex(State())

    /// The client of a key, admitted to one request.
    ///
    /// A remembered client is only taken for its rate: whoever writes asks the database again in the same write, so that a revoked key ends
    /// at once.
    /// - Throws: *forbidden* without a good key, *too many* beyond the client's rate.
    func admit(_ key: String, _ house: House, at now: Instant) async throws -> Client {
        guard !key.isEmpty, key.utf8.count <= 200 else { throw Self.noKey }
        let digest = Secret.digest(key)
        var client = state.withLock { $0.clients[digest] }
        if client == nil {
            client = try await house.database.read { tx in try house.posts.client(key: key, in: tx) }
            guard let found = client else { throw Self.noKey }
            state.withLock { state in
                if state.clients.count > 1000 { state.clients.removeAll() }
                state.clients[digest] = found
            }
        }
        guard let client else { throw Self.noKey }
        guard house.posts.admit(client, at: now) else { throw PlainRefusal("open311.too_many", sort: .tooMany) }
        return client
    }

    func forget(_ key: String) { _ = state.withLock { $0.clients.removeValue(forKey: Secret.digest(key)) } }

    static let noKey = PlainRefusal("open311.key", sort: .forbidden)

    func changeset(of catalog: Catalog, at now: Instant) -> Instant {
        state.withLock { state in
            if let known = state.changeset, known.catalog == ObjectIdentifier(catalog) { return known.at }
            state.changeset = (ObjectIdentifier(catalog), now)
            return now
        }
    }
}

extension Call {
    /// The api key of a field, the query or a header.
    func apiKey(_ form: Form = Form()) -> String {
        let bearer = request.headers[.authorization].flatMap {
            $0.lowercased().hasPrefix("bearer ") ? String($0.dropFirst(7)).trimmingSpaces : nil
        }
        return [
            form["api_key"], query("api_key"), request.headers.value(of: "X-API-Key") ?? "", request.headers.value(of: "api_key") ?? "",
            bearer ?? "",
        ]
        .first { !$0.isEmpty } ?? ""
    }
}
