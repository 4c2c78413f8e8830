import Basics
import CQRCode

/// A QR code as SVG: level M, four modules of quiet zone, one path.
package enum QRPicture {
    /// Nil when the text does not fit.
    package static func svg(_ text: String, label: String) -> String? {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let side = Int(code.pointee.width)
        guard let data = code.pointee.data else { return nil }
        var d = ""
        for y in 0..<side {
            var x = 0
            while x < side {
                guard data[y * side + x] & 1 == 1 else { x += 1; continue }
                var run = 1
                while x + run < side, data[y * side + x + run] & 1 == 1 { run += 1 }
                d += "M\(x + 4) \(y + 4)h\(run)v1h-\(run)z"
                x += run
            }
        }
        let whole = side + 8
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(whole) \(whole)\" role=\"img\" shape-rendering=\"crispEdges\">"
            + "<title>\(label.markupEscaped)</title><path fill=\"#fff\" d=\"M0 0h\(whole)v\(whole)H0z\"/><path d=\"\(d)\"/></svg>"
    }
}
