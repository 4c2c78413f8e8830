import ArgumentParser
import Basics
import Catalog
import Delivery
import Foundation
import Grids
import Insight
import Logging
import Matters
import NIOCore
import Posts
import ServiceLifecycle
import Store
import UnixSignals
import Web

/// `weiwang serve`: pages, interfaces and followers in one process.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the pages and interfaces, and run what follows the journal.")

    @OptionGroup var data: DataOptions
    @Option(help: "Address to listen on (WEIWANG_HOST, default 127.0.0.1).") var host: String?
    @Option(help: "Port to listen on, 0 for any free one (WEIWANG_PORT, default 8080).") var port: Int?
    @Option(name: .customLong("public-url"), help: "What all links and QR codes begin with (WEIWANG_PUBLIC_URL).") var publicURL: String?
    @Option(name: .customLong("trusted-proxy"), help: "Address of a proxy whose X-Forwarded-For is believed; may be given again.")
    var trustedProxies: [String] = []

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let host = host ?? environment["WEIWANG_HOST"] ?? "127.0.0.1"
        let port = port ?? environment["WEIWANG_PORT"].map { Int($0) ?? -1 } ?? 8080
        guard (0...65_535).contains(port) else {
            throw ValidationError("The port is a number from 0 to 65535.")
        }
        let given = publicURL ?? environment["WEIWANG_PUBLIC_URL"]
        if let given, !given.hasPrefix("http://"), !given.hasPrefix("https://") {
            throw ValidationError("--public-url begins with http:// or https://")
        }
        var logger = Logger(label: "weiwang")
        logger.logLevel = environment["WEIWANG_LOG"].flatMap { Logger.Level(rawValue: $0) } ?? .notice
        OpenFiles.raise()
        Memory.haveFewArenas()
        let engines = try await Engines.open(data.place(), asNode: true, logger: logger)
        let settings = WebSettings(
            publicURL: given ?? "http://\(host == "0.0.0.0" ? "localhost" : host):\(port)", trustedProxies: Set(trustedProxies))
        if !settings.https { Terminal.warn("weiwang: --public-url is not https, so cookies have plain names and travel unprotected.") }
        let server = try await Server.make(engines, settings: settings, loaded: false, logger: logger)
        let application = WebApp.application(server.house, host: host, port: port, logger: logger) { port in
            Terminal.say("weiwang: http://\(host):\(port)")
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: application)] + server.services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            await engines.database.close()
            guard let taken = error as? IOError, taken.errnoCode == EADDRINUSE else { throw error }
            throw PlainRefusal("terminal.port_taken", values: ["port": "\(port)"])
        }
        await engines.database.close()
    }
}
