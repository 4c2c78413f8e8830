import ArgumentParser
import Basics
import Foundation
import Matters
import Posts
import Store
import Web

/// `weiwang bench read`: how long pages and lists take over HTTP from a district with many years of matters.
struct BenchRead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Ask for queue, matter, searches and a list of 50 over 16 connections, out of a million matters.")

    @OptionGroup var town: BenchTownOptions
    @Option(help: "How many matters to fill in.") var matters = 1_000_000
    @Option(help: "Connections at once.") var callers = 16
    @Option(help: "Seconds for each figure.") var seconds = 4.0

    /// What 99 of 100 answers may take, in milliseconds, and how many lists of 50 a core should give.
    private static let floor = 30.0
    private static let lists = 1500.0

    func validate() throws {
        guard (1...256).contains(callers), (0.1...600).contains(seconds), (1...20_000_000).contains(matters) else {
            throw ValidationError("--callers is 1 to 256, --seconds 0.1 to 600, --matters at most 20,000,000.")
        }
    }

    func run() async throws {
        try await BenchTown.with(town, matters: matters) { town in
            try await BenchServer.with(town.place) { server in
                let count = try await server.engines.database.read { try $0.count("SELECT COUNT(*) FROM matter") }
                Terminal.say("\(count) matters on \(try await server.engines.database.version()), \(callers) connections")
                for figure in try await Self.figures(server, town) {
                    // What is read once for all who come after is not theirs to pay.
                    _ = try await LoadResult.measure(port: server.port, callers: 1, seconds: 0.5) { _, turn in
                        figure.visitor.get(figure.paths[turn % figure.paths.count])
                    }
                    let result = try await LoadResult.measure(port: server.port, callers: callers, seconds: seconds) { caller, turn in
                        figure.visitor.get(figure.paths[(caller * 7919 + turn) % figure.paths.count])
                    }
                    let slow = result.percentile(0.99)
                    Terminal.say(
                        figure.name.padding(toLength: 34, withPad: " ", startingAt: 0)
                            + String(
                                format: "half in %6.1f ms, 99 of 100 in %6.1f ms%@   %6.0f/s, %5.0f/s a core%@", result.percentile(0.5),
                                slow,
                                slow < Self.floor ? "" : " (over \(Int(Self.floor)))", result.perSecond, result.perCore,
                                figure.isList && result.perCore < Self.lists ? " (under \(Int(Self.lists)))" : ""))
                }
            }
        }
    }

    private struct Figure: Sendable {
        let name: String
        let visitor: BenchVisitor
        let paths: [String]
        var isList = false
    }

    private static func figures(_ server: BenchServer, _ town: BenchTown) async throws -> [Figure] {
        func visitor(_ name: String) async throws -> BenchVisitor {
            guard let person = town.people.first(where: { $0.name == name }) else { throw ValidationError("no sign-in \(name)") }
            return try await server.visitor(person)
        }
        let (officer, all) = (try await visitor("officer"), try await visitor("root"))
        let (matters, posts, now) = (server.engines.matters, server.engines.posts, server.engines.time.now)
        let seen: [String] = try await server.engines.database.read { tx in
            let actor = try posts.book(in: tx).actor(officer.person, at: now)
            return try matters.list(MatterFilter(), for: actor, at: now, limit: 500, in: tx).map { $0.matter.id.description }
        }
        func search(_ words: String, _ who: BenchVisitor) -> [String] {
            let words = words.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return ["/api/matters?page_size=50&count=no&q=\(words)"]
        }
        return [
            Figure(name: "queue (officer)", visitor: officer, paths: ["/desk"]),
            Figure(name: "queue (whole city)", visitor: all, paths: ["/desk"]),
            Figure(name: "matter (officer)", visitor: officer, paths: seen.map { "/desk/matters/\($0)" }),
            Figure(name: "search, 2 characters (officer)", visitor: officer, paths: search("路灯", officer)),
            Figure(name: "search, 4 characters (officer)", visitor: officer, paths: search("垃圾清运", officer)),
            Figure(name: "search, 2 characters (city)", visitor: all, paths: search("路灯", all)),
            Figure(name: "search, 4 characters (city)", visitor: all, paths: search("垃圾清运", all)),
            Figure(
                name: "list of 50 (officer)", visitor: officer, paths: ["/api/matters?page_size=50&count=no&order=newest"], isList: true),
            Figure(name: "list of 50 (city)", visitor: all, paths: ["/api/matters?page_size=50&count=no&order=newest"], isList: true),
        ]
    }
}
