import ArgumentParser
import Demo
import Foundation
import Matters
import Store

/// `weiwang bench city`: a whole city of many years, its start, its memory, and every main page of the six roles.
struct BenchCity: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "city", abstract: "Fill a city of 100,000 grids and ten million matters; time every page of the six roles.")

    @OptionGroup var town: BenchTownOptions
    @Option(help: "How many grids to fill in.") var grids = 100_000
    @Option(help: "How many matters to fill in.") var matters = 10_000_000
    @Option(help: "Connections at once, one figure after the other.") var callers: [Int] = [1, 4]
    @Option(help: "Seconds for each figure.") var seconds = 3.0

    /// What 99 of 100 answers may take, in milliseconds.
    private static let floor = 100.0

    func validate() throws {
        guard (1...1_000_000).contains(grids), (1...20_000_000).contains(matters) else {
            throw ValidationError("--grids is 1 to 1,000,000, --matters at most 20,000,000.")
        }
        guard callers.allSatisfy({ (1...256).contains($0) }), (0.1...600).contains(seconds) else {
            throw ValidationError("--callers is 1 to 256, --seconds 0.1 to 600.")
        }
    }

    func run() async throws {
        try await BenchTown.with(town, copies: DemoCopies(grids: grids, matters: matters)) { town in
            try BenchStart.measure(town, runs: 2)
            try await BenchServer.with(town.place) { server in
                let database = server.engines.database
                let (matters, grids) = try await database.read { tx in
                    (try tx.count("SELECT COUNT(*) FROM matter"), try tx.count("SELECT COUNT(*) FROM grid"))
                }
                let (size, version) = (try await database.size(), try await database.version())
                Terminal.say(String(format: "%d matters, %d grids on %@, %.1f GB", matters, grids, version, Double(size) / 1e9))
                try await server.counted()
                var (pages, slow) = (0, 0)
                for page in try await CityPages(server, town).all() {
                    let (line, isSlow) = try await measure(page, server)
                    pages += 1
                    slow += isSlow ? 1 : 0
                    Terminal.say(line)
                }
                Terminal.say("\(pages) pages, \(slow) over \(Int(Self.floor)) ms; server and callers held \(BenchStart.memory() / 1024) MB")
            }
        }
    }

    private func measure(_ page: CityPage, _ server: BenchServer) async throws -> (line: String, isSlow: Bool) {
        var line = "\(page.role) \(page.name)".padding(toLength: 46, withPad: " ", startingAt: 0)
        var isSlow = false
        do {
            // What is read once for all who come after is not theirs to pay.
            _ = try await LoadResult.measure(port: server.port, callers: 1, seconds: 0.3) { _, turn in page.request(turn) }
            for callers in callers {
                let result = try await LoadResult.measure(port: server.port, callers: callers, seconds: seconds) { caller, turn in
                    page.request(caller * 7919 + turn)
                }
                let most = result.percentile(0.99)
                isSlow = isSlow || most > Self.floor
                line += String(
                    format: "  %d at once: half in %6.1f ms, 99 of 100 in %6.1f ms%@", callers, result.percentile(0.5), most,
                    most > Self.floor ? " (over \(Int(Self.floor)))" : "")
            }
        } catch let refused as LoadResult.Refused {
            return (line + "  answered \(refused.status): \(page.paths[0])", true)
        }
        return (line, isSlow)
    }
}

/// One page of one role, at one or many addresses.
struct CityPage: Sendable {
    let role: String
    let name: String
    /// Nil is a resident without an account.
    let visitor: BenchVisitor?
    let paths: [String]

    func request(_ turn: Int) -> [UInt8] {
        let path = paths[turn % paths.count]
        return visitor?.get(path) ?? Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n\r\n".utf8)
    }
}
