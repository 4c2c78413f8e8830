import Basics
import Store
import Synchronization

/// A program that calls in with an api key; only the key's digest is kept.
package struct Client: Sendable, Hashable {
    package let id: ClientID
    package let name: String
    /// Requests a second; 0 has no limit.
    package let rate: Int
    package let verbs: Set<String>

    package var actor: Actor { .client(id, verbs: verbs) }
}

/// The clients by the digest of their key, as they were under a token.
struct KnownClients: Sendable {
    let token: String
    let byKey: [[UInt8]: Client]
}

extension Posts {
    package static let usualRate = 100

    /// A new client and its key, which is shown once.
    /// - Throws: `PostsRefusal.nameTaken`, `.nameMissing`, `.notAllowed`.
    package func addClient(
        _ id: ClientID, name: String, key: String, rate: Int = usualRate, verbs: Set<String> = ["report"], act: Act, in tx: Transaction
    ) throws {
        try tx.lock(id)
        if try tx.exists("SELECT 1 FROM client WHERE id = \(id)") { return }
        try require(.security, on: .root, act: act, in: tx)
        let name = try Self.named(name)
        guard try !tx.exists("SELECT 1 FROM client WHERE name = \(name)") else { throw PostsRefusal.nameTaken }
        try tx.run(
            """
            INSERT INTO client (id, name, digest, rate, verbs, made_at, revoked_at)
            VALUES (\(id), \(name), \(Secret.digest(key)), \(max(0, rate)), \(json: verbs.sorted()), \(act.at), NULL)
            """)
        try clientsChanged(in: tx)
        try tx.record(act.entry("client.added", subject: "client", id: id.uuid, path: .root))
    }

    package func revokeClient(_ id: ClientID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        try require(.security, on: .root, act: act, in: tx)
        let changed = try tx.run("UPDATE client SET revoked_at = \(act.at) WHERE id = \(id) AND revoked_at IS NULL")
        guard changed > 0 else { return }
        try clientsChanged(in: tx)
        try tx.record(act.entry("client.revoked", subject: "client", id: id.uuid, path: .root))
    }

    /// The client of a key; nil for none or a revoked one.
    package func client(key: String, in tx: Transaction) throws -> Client? { try clientsByKey(in: tx)[Secret.digest(key)] }

    private func clientsByKey(in tx: Transaction) throws -> [[UInt8]: Client] {
        let token = try tx.meta(Self.clientsKey) ?? ""
        if let known = knownClients.withLock({ $0 }), known.token == token { return known.byKey }
        let rows = try tx.all("SELECT digest, id, name, rate, verbs FROM client WHERE revoked_at IS NULL") { row in
            (try row["digest"] as [UInt8], try Self.client(row))
        }
        let known = KnownClients(token: token, byKey: Dictionary(rows) { first, _ in first })
        knownClients.withLock { $0 = known }
        return known.byKey
    }

    private static let clientsKey = "clients"

    /// As `Posts.changed`: whoever asks next reads the clients anew.
    private func clientsChanged(in tx: Transaction) throws { try tx.setMeta(Self.clientsKey, Secret.token(bytes: 12)) }

    package func clients(in tx: Transaction) throws -> [Client] {
        try tx.all("SELECT id, name, rate, verbs FROM client WHERE revoked_at IS NULL ORDER BY name", Self.client)
    }

    private static func client(_ row: Row) throws -> Client {
        Client(id: try row["id"], name: try row["name"], rate: try row["rate"], verbs: Set(try row.json("verbs", as: [String].self)))
    }

    /// Takes one of the client's requests of this second; false: too many.
    package func admit(_ client: Client, at now: Instant) -> Bool {
        rates.take(client.id.description, rate: Double(client.rate), burst: Double(client.rate), at: now)
    }

    /// The same for anything else that is limited: an address that reports, a name that signs in.
    /// - Parameter rate: a second; 0 has no limit.
    package func admit(_ key: String, rate: Double, burst: Double, at now: Instant) -> Bool {
        rates.take(key, rate: rate, burst: burst, at: now)
    }
}

/// Token buckets in memory, one a key; full ones are forgotten.
final class RateBuckets: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Instant
    }

    private struct State {
        var buckets: [String: Bucket] = [:]
        var sweepAt = 4096
    }

    private let state = Mutex(State())

    func take(_ key: String, rate: Double, burst: Double, at now: Instant) -> Bool {
        guard rate > 0 else { return true }
        let most = max(1, burst)
        return state.withLock { state in
            var bucket = state.buckets[key] ?? Bucket(tokens: most, at: now)
            bucket.tokens = min(most, bucket.tokens + Double(max(0, (now - bucket.at).milliseconds)) / 1000 * rate)
            bucket.at = max(bucket.at, now)
            let admitted = bucket.tokens >= 1
            if admitted { bucket.tokens -= 1 }
            state.buckets[key] = bucket
            if state.buckets.count > state.sweepAt {
                // An hour fills every bucket in use.
                state.buckets = state.buckets.filter { (now - $0.value.at) < .hours(1) }
                state.sweepAt = max(4096, state.buckets.count * 2)
            }
            return admitted
        }
    }
}
