using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// The one mapping from outcomes to HTTP (RFC 9457): malformed input 400, not found 404, a clash 409, a refusal 422,
/// try again 503. Every problem has a stable <c>code</c>.
/// </summary>
public static class Problem
{
    public const string IdReused = "command-id-reused";

    public static IResult Of(int status, string code, string detail) => Results.Problem(Details(status, code, detail));

    public static IResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    public static IResult Forbidden(string code, string detail) => Of(StatusCodes.Status403Forbidden, code, detail);

    public static IResult Refused(string code, string reason) => Of(StatusOf(code), code, reason);

    public static IResult ToHttp<TEvent>(this Decision<TEvent> decision, Func<IResult> whenAccepted) => decision switch
    {
        Decision<TEvent>.Rejected rejected => Refused(rejected.Code, rejected.Reason),
        _ => whenAccepted(),
    };

    public static IResult ToHttp<TEvent>(this Outcome<TEvent> outcome, Func<Outcome<TEvent>.Accepted, IResult> whenAccepted)
        where TEvent : notnull => outcome switch
        {
            Outcome<TEvent>.Rejected rejected => Refused(rejected.Code, rejected.Reason),
            Outcome<TEvent>.Accepted accepted => whenAccepted(accepted),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

    internal static ProblemDetails Details(int status, string code, string detail) => new()
    {
        Status = status,
        Title = code,
        Detail = detail,
        Type = $"urn:carbonmarket:problem:{code}",
        Extensions = { ["code"] = code },
    };

    private static int StatusOf(string code) => code switch
    {
        IdReused or "id-reused" => StatusCodes.Status409Conflict,
        "account-not-yours" => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
