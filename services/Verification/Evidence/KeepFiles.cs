using System.Globalization;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Evidence;

/// <param name="Sha256">Of its content, 64 lower-case hexadecimal digits: what it is kept under.</param>
/// <param name="MediaType">The media type it was sent with.</param>
/// <param name="Bytes">Size of the content.</param>
public sealed record FileAnswer(string Sha256, string MediaType, int Bytes);

public static class KeepFiles
{
    // Kept to be looked at by people: nothing that a browser runs.
    private static readonly string[] MediaTypes =
    [
        "application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream",
    ];

    public static void Map(RouteGroupBuilder evidence)
    {
        evidence.MapPut("/files/{sha256}", Keep)
            .RequireAuthorization(Roles.Emitter)
            .Accepts<Stream>(MediaTypes[^1], MediaTypes[..^1])
            .WithName("keep-evidence-file")
            .WithSummary("Keep a file of the caller's as evidence (存证材料), under the SHA-256 of its content")
            .WithDescription(
                $"The body is the file, of 1 to {EvidenceFiles.LargestFile} bytes; a participant keeps {EvidenceFiles.MostFiles} files and {EvidenceFiles.MostBytes} bytes "
                + "at most. The same file again changes nothing. 400 invalid-input with hash-mismatch or file-size. 415 for content of another kind. 422 evidence-full.")
            .Produces<FileAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        evidence.MapGet("/{participantId:guid}/files/{sha256}", Serve)
            .WithName("get-evidence-file")
            .WithSummary("A file kept as evidence; an emitter sees its own only, an appointed verifier those of its entities")
            .WithDescription("The ETag is the SHA-256 of the content.")
            .Produces<Stream>(StatusCodes.Status200OK, MediaTypes[^1])
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="sha256">SHA-256 of the body, 64 lower-case hexadecimal digits.</param>
    internal static async Task<IResult> Keep(string sha256, HttpContext context, EvidenceFiles files, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var read = await Upload.Read(context.Request, EvidenceFiles.LargestFile, cancellationToken);
        faults.Require(read is { Length: > 0 }, "body", "file-size", $"A file has 1 to {EvidenceFiles.LargestFile} bytes.");
        if (read is not { } content)
            return faults.ToProblem();
        faults.Require(sha256 == EvidenceFiles.Hash(content.Span), "sha256", "hash-mismatch", $"The content's SHA-256 is {EvidenceFiles.Hash(content.Span)}.");
        if (faults.Any)
            return faults.ToProblem();
        var file = new EvidenceFile(context.Market().Market, context.User.ParticipantId(), sha256, context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? MediaTypes[^1], content, clock.GetUtcNow());
        return await files.Keep(file, cancellationToken) is { } full
            ? Problem.Refused("evidence-full", string.Create(
                CultureInfo.InvariantCulture,
                $"{full.Files} files of {full.Bytes} bytes are kept; with {content.Length} more there were over {EvidenceFiles.MostFiles} files or {EvidenceFiles.MostBytes} bytes."))
            : Results.Ok(new FileAnswer(sha256, file.MediaType, content.Length));
    }

    /// <param name="participantId">The emitter whose file it is.</param>
    /// <param name="sha256">What the file is kept under.</param>
    internal static async Task<IResult> Serve(
        Guid participantId, string sha256, HttpContext context, IQuerySession session, EvidenceFiles files, CancellationToken cancellationToken)
    {
        // A file is of no year: months say what it shows, and one may show something in several years.
        if (!await session.Sees(context, participantId, year: null, cancellationToken)
            || await files.Find(context.Market().Market, participantId, sha256, cancellationToken) is not { } file)
            return Problem.NotFound("unknown-file", $"There is no file {sha256} that you may see.");
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(
            file.Content.ToArray(), file.MediaType, fileDownloadName: sha256, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{sha256}\""));
    }
}
