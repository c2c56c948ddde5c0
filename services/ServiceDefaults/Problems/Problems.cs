using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// The one mapping from outcomes to HTTP (RFC 9457): malformed input 400, not found 404, a clash 409, a refusal 422,
/// try again 503. Every problem has a stable <c>code</c>, and a title for people in the language they accept.
/// </summary>
public static class Problem
{
    public const string IdReused = "command-id-reused";

    public static IResult Of(int status, string code, string detail) => Results.Problem(Details(status, code, detail));

    public static IResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    public static IResult Forbidden(string code, string detail) => Of(StatusCodes.Status403Forbidden, code, detail);

    public static IResult Refused(string code, string reason) => Of(StatusOf(code), code, reason);

    /// <param name="more">Further members of the problem: what was found.</param>
    public static IResult Refused(string code, string reason, params (string Name, object Value)[] more)
    {
        var details = Details(StatusOf(code), code, reason);
        foreach (var (name, value) in more)
            details.Extensions[name] = value;
        return Results.Problem(details);
    }

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
        Title = Titles.Of(code),
        Detail = detail,
        Type = $"urn:carbonmarket:problem:{code}",
        Extensions = { ["code"] = code },
    };

    /// <summary>
    /// A status without words, put into words whatever the caller says it accepts: who asks for a stream is refused in the same form.
    /// </summary>
    internal static Task OfStatus(StatusCodeContext context)
    {
        var problem = new ProblemDetails { Status = context.HttpContext.Response.StatusCode };
        NameByStatus(problem);
        return Results.Problem(problem).ExecuteAsync(context.HttpContext);
    }

    /// <summary>What ASP.NET Core refuses by itself has no code but its status.</summary>
    internal static void NameByStatus(ProblemDetailsContext context) => NameByStatus(context.ProblemDetails);

    private static void NameByStatus(ProblemDetails problem)
    {
        var code = "http-" + problem.Status;
        if (problem.Extensions.TryAdd("code", code))
            problem.Title = Titles.Find(code) ?? problem.Title;
    }

    private static int StatusOf(string code) => code switch
    {
        IdReused or "id-reused" => StatusCodes.Status409Conflict,
        "account-not-yours" or "not-entitled" => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
