using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using SequraPos;

internal static class Declarations
{
    public static void EveryStatusHasTheLibrarysName()
    {
        foreach (SequraStatus status in Enum.GetValues(typeof(SequraStatus)))
            Check.Equal("SQ_" + status.ToString().ToUpperInvariant(), SequraLibrary.StatusName(status).Replace("_", "").Replace("SQ", "SQ_"));
        Check.Equal("SQ_UNKNOWN_STATUS", SequraLibrary.StatusName((SequraStatus)7777));
        Check.Equal(-1, SequraLibrary.StatusClass((SequraStatus)7777));
        Check.Equal(2, SequraLibrary.StatusClass(SequraStatus.Conflict));
    }

    public static void EveryFunctionIsCdeclAndThere()
    {
        Type native = typeof(SequraLibrary).Assembly.GetType("SequraPos.Native");
        MethodInfo function = typeof(SequraLibrary).GetMethod("Function", BindingFlags.NonPublic | BindingFlags.Static);
        SequraLibrary.Load();
        int found = 0;
        foreach (FieldInfo field in native.GetFields(BindingFlags.NonPublic | BindingFlags.Static).Where(field => !field.IsLiteral))
        {
            var attribute = (UnmanagedFunctionPointerAttribute)field.FieldType
                .GetCustomAttributes(typeof(UnmanagedFunctionPointerAttribute), false).Single();
            Check.Equal(CallingConvention.Cdecl, attribute.CallingConvention, field.Name);
            string name = native.GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
                .Select(method => method.Name).Single(one => one.Replace("_", "") == "sq" + field.Name.ToLowerInvariant());
            function.MakeGenericMethod(field.FieldType).Invoke(null, new object[] { null, name });
            found++;
        }
        Check.That(found > 35, found + " functions");
    }

    public static void TheAssemblyIsOfTheLibrarysVersion()
    {
        Check.Equal(1, SequraLibrary.AbiVersion);
        object attribute = typeof(SequraLibrary).Assembly.GetCustomAttributes(typeof(AssemblyInformationalVersionAttribute), false).Single();
        Check.Equal(SequraLibrary.Version, ((AssemblyInformationalVersionAttribute)attribute).InformationalVersion);
        Check.That(SequraLibrary.BuildInfo.StartsWith("{", StringComparison.Ordinal), SequraLibrary.BuildInfo);
    }
}

internal static class Errors
{
    public static void AProblemIsTyped()
    {
        string wrong = Given.Order().Replace("\"order_total_with_tax\": 38290", "\"order_total_with_tax\": 38291");
        using (SequraClient till = Given.Client(", \"language\": \"en\""))
        {
            SequraInvalidOrderException e = Check.Throws<SequraInvalidOrderException>(() => till.StartSolicitation(wrong));
            Check.Equal(SequraStatus.InvalidOrder, e.Status);
            Check.Equal("SQ_INVALID_ORDER", e.StatusName);
            Check.Equal(SequraErrorCode.CartTotalMismatch, e.Code);
            Check.Equal(SequraNext.FixOrder, e.Next);
            SequraProblem problem = e.Errors.Single();
            Check.Equal("/cart/order_total_with_tax", problem.Pointer);
            Check.Equal("38290", problem.Expected);
            Check.Equal("38291", problem.Actual);
            Check.That(e.Message.StartsWith("SQ_INVALID_ORDER: ", StringComparison.Ordinal), e.Message);
            Check.That(e.Message.Contains(problem.Message), e.Message);
            Check.That(e.OperatorMessage != "", "the operator is told");
            Check.Equal(SequraOperation.StartSolicitation, e.Result.Operation);
            Check.That(e.Result.Http == null, "nothing was sent");
        }
    }

    public static void AConflictIsTyped()
    {
        using (SequraClient till = Given.Client())
        {
            SequraOrder order = till.StartSolicitation(Given.Order()).Order;
            till.SendForm(order.Url, "pp3");
            SequraConflictException early = Check.Throws<SequraConflictException>(() => till.Confirm(order.Url));
            Check.Equal(SequraErrorCode.NotApproved, early.Code);
            Check.Equal(409, early.Result.Http.Status.Value);
            Check.Equal(order.Uuid, early.Order.Uuid);
            Given.Approve(order.Uuid);
            Given.Ask("POST", "faults", "{\"kind\":\"conflict\",\"errors\":[\"Invalid data: the cart has changed\"],\"method\":\"PUT\"}");
            SequraConflictException changed = Check.Throws<SequraConflictException>(() => till.Confirm(order.Url));
            Check.Equal(SequraErrorCode.CartChanged, changed.Code);
            Check.Equal("Invalid data: the cart has changed", changed.Errors[0].Message);
            Check.Equal(SequraState.Conflicted, changed.Order.State);
        }
    }

    public static void EveryStatusHasItsClass()
    {
        var classes = new Dictionary<int, Type>
        {
            { 1, typeof(SequraInvalidCallException) }, { 2, typeof(SequraRefusedException) },
            { 3, typeof(SequraNoAnswerException) },
            { 4, typeof(SequraMachineException) }, { 9, typeof(SequraInternalException) }
        };
        foreach (SequraStatus status in Enum.GetValues(typeof(SequraStatus)))
            if (status != SequraStatus.Ok)
                Check.That(classes[(int)status / 1000].IsInstanceOfType(Of(status)), status + " is " + Of(status).GetType());
        Check.Equal(typeof(SequraInvalidOrderException), Of(SequraStatus.InvalidOrder).GetType());
        Check.Equal(typeof(SequraConflictException), Of(SequraStatus.Conflict).GetType());
        Check.Equal(typeof(SequraDuplicateOrderRefException), Of(SequraStatus.DuplicateOrderRef).GetType());
        Check.Equal(typeof(SequraConflictException), typeof(SequraDuplicateOrderRefException).BaseType);
        Check.Equal(typeof(SequraOutcomeUnknownException), Of(SequraStatus.OutcomeUnknown).GetType());
        // One that a newer library has.
        Check.Equal(typeof(SequraException), Of((SequraStatus)7777).GetType());
        Check.Equal(7777, (int)Of((SequraStatus)7777).Status);
    }

    private static SequraException Of(SequraStatus status)
    {
        MethodInfo of = typeof(SequraException).GetMethod(
            "Of", BindingFlags.NonPublic | BindingFlags.Static, null, new[] { typeof(int), typeof(string), typeof(SequraResult) }, null);
        return (SequraException)of.Invoke(null, new object[] { (int)status, "x", null });
    }

    public static void AnErrorWithoutAResult()
    {
        using (var order = new SequraOrderBuilder())
        {
            SequraInvalidCallException e = Check.Throws<SequraInvalidCallException>(() => order.Set("no pointer", "x"));
            Check.Equal(SequraStatus.InvalidArgument, e.Status);
            Check.That(e.Result == null && e.Order == null && e.Code == null && e.Errors.Count == 0, "there is none");
            Check.Equal(SequraNext.None, e.Next);
            Check.Equal("", e.OperatorMessage);
        }
        using (SequraResult result = SequraLibrary.Echo("null"))
        {
            Check.Throws<SequraInvalidCallException>(() => result.Get("/not/there"));
            Check.That(result.Find("/not/there") == null, "nothing is there");
            Check.That(result.Find("/order") == null, "null is nothing");
            Check.Equal("null", result.Get("/order"));
            Check.That(result.FindInteger("/data/text") == null, "no number");
            Check.Equal(4L, result.FindInteger("/data/bytes").Value);
        }
    }

    public static void AClientThatDoesNotOpenSaysWhy()
    {
        SequraInvalidCallException nothing = Check.Throws<SequraInvalidCallException>(() => new SequraClient("{}"));
        Check.Equal(SequraStatus.InvalidConfig, nothing.Status);
        Check.That(nothing.Errors.Count > 2 && nothing.Message.EndsWith(" more)", StringComparison.Ordinal), nothing.Message);
        Check.Equal(SequraStatus.InvalidJson, Check.Throws<SequraInvalidCallException>(() => new SequraClient("{")).Status);
        Check.Throws<SequraInvalidCallException>(() => SequraClient.OpenFile("is not there.json"));
        SequraMachineException journal = Check.Throws<SequraMachineException>(
            () => new SequraClient(Given.Config().Replace(":memory:", "/is/not/there/journal")));
        Check.Equal(SequraStatus.Journal, journal.Status);
    }
}
