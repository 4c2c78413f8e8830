import Basics
import Foundation
import Subprocess

package enum PhotoRefusal: String, Refusal {
    case notAPhoto, tooLarge, tooManyPixels
    package var key: String { "photo." + rawValue }
    package var sort: RefusalSort { self == .tooLarge ? .tooLarge : .invalid }
}

/// Makes a photo safe to keep: decoded and written anew by `vips` in a process of its own with limits on time and memory,
/// turned upright, without metadata, and with a small picture for lists.
package struct PhotoIntake: Sendable {
    package static let largestUpload = 25 << 20
    package static let longestSide = 2048
    package static let smallSide = 320

    /// Each takes a core and some hundred megabytes.
    private static let presses = Places(max(2, ProcessInfo.processInfo.activeProcessorCount))

    private let files: Files

    package init(files: Files) { self.files = files }

    package struct Kept: Sendable {
        package let full: StoredFile
        package let small: StoredFile
    }

    /// - Parameter path: a complete upload in `files.incoming()`; removed in the end.
    /// - Throws: `PhotoRefusal`.
    package func keep(_ path: String) async throws -> Kept {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
        guard size <= Self.largestUpload else { throw PhotoRefusal.tooLarge }
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        guard let head = try handle.read(upToCount: 16), Self.isPhoto(Array(head)) else { throw PhotoRefusal.notAPhoto }
        await Self.presses.enter()
        defer { Self.presses.leave() }
        let full = try await shrink(path, side: Self.longestSide, quality: 85)
        return Kept(full: full, small: try await shrink(path, side: Self.smallSide, quality: 75))
    }

    /// The first bytes decide, never a name or a header: JPEG, PNG, WebP, HEIC.
    package static func isPhoto(_ head: [UInt8]) -> Bool {
        let text = String(decoding: head.dropFirst(4).prefix(8), as: UTF8.self)
        return head.starts(with: [0xFF, 0xD8, 0xFF]) || head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            || (head.starts(with: Array("RIFF".utf8)) && text.hasSuffix("WEBP"))
            || text.hasPrefix("ftyphe") || text.hasPrefix("ftypmif1") || text.hasPrefix("ftypmsf1")
    }

    /// Vips does not say whether the photo or the disk was at fault: a photo is refused only when it fails twice.
    private func shrink(_ path: String, side: Int, quality: Int) async throws -> StoredFile {
        do { return try await press(path, side: side, quality: quality) } catch PhotoRefusal.notAPhoto {
            return try await press(path, side: side, quality: quality)
        }
    }

    private func press(_ path: String, side: Int, quality: Int) async throws -> StoredFile {
        let target = files.incoming() + ".jpg"
        defer { try? FileManager.default.removeItem(atPath: target) }
        let limits = ProcessLimits(seconds: 30, memory: 1500, output: 64)
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: Arguments(
                limits.shell(
                    "vipsthumbnail",
                    [path, "--size", "\(side)x\(side)>", "--rotate", "-o", "\(target)[Q=\(quality),strip,background=255]"])),
            environment: .inherit.updating(["VIPS_CONCURRENCY": "1", "VIPS_BLOCK_UNTRUSTED": "1"]),
            output: .discarded, error: .string(limit: 4096))
        guard result.terminationStatus.isSuccess, FileManager.default.fileExists(atPath: target) else {
            // A disk that takes nothing is no fault of the photo.
            let said = result.standardError ?? ""
            for trouble in [POSIXErrorCode.ENOSPC, .EIO] where said.contains(String(cString: strerror(trouble.rawValue))) {
                throw POSIXError(trouble)
            }
            throw PhotoRefusal.notAPhoto
        }
        return try files.keep(target, type: "image/jpeg")
    }
}
